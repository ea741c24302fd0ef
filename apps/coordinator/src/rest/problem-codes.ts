import type { ProblemCode } from '@gossamer/protocol';

/** What can be wrong with a body before its schema is asked, also where none is wanted. */
export const BODY: ProblemCode[] = ['body-malformed', 'body-too-large', 'media-type-unsupported'];

/** What can keep any change from being made. */
export const CHANGE: ProblemCode[] = [...BODY, 'storage-full'];
