export { connectionFault } from './connection-fault.ts';
export type { AskedContent, BlobSource, Chunks, Content } from './content.ts';
export { type ClientCode, GossamerError, JobFailedError, type UnitFailure } from './error.ts';
export {
  AuthenticationError,
  ConflictError,
  errorOf,
  ForbiddenError,
  InvalidError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
  UsageError,
} from './error-kinds.ts';
export { Gossamer, type GossamerOptions, type Me } from './gossamer.ts';
export { type CsvOptions, type InputSource, type Inputs, bands, bytesOf, csv, lines, range, split } from './inputs.ts';
export { type AxisValues, type Combination, product } from './product.ts';
export type { AnswerView, Interval } from '@gossamer/protocol';
export type { Batches } from './batches.ts';
export { Job, type TypedAnswer } from './job.ts';
export type { OpenJob } from './open-job.ts';
export type { OpenOptions, Pipe, PipeEntry, PipeInputs, PipeOptions } from './pipe.ts';
export type { Jobs } from './jobs.ts';
export type { Keys } from './keys.ts';
export type { Programs } from './programs.ts';
export { readWebhook, type ReadWebhookOptions, type WebhookRequest } from './read-webhook.ts';
export type { Signers } from './signers.ts';
export { type Signer, fingerprintOf } from '@gossamer/program';
export type { Blobs, PutOptions } from './blobs.ts';
export type { UploadProgress } from './pieces.ts';
export type { DataSource, MapOptions } from './map-options.ts';
export { type Platform, type ProgramRef, type TypedProgram, type UntypedProgram, typed } from './platform.ts';
export { LargeResult } from './large-result.ts';
export type {
  ChangingFailure,
  ChangingOutput,
  LargeOutput,
  ResultsOptions,
  Revocation,
  UnitOutput,
} from './results.ts';
export type { Timing } from './timing.ts';
export type { Fetch } from './transport.ts';
export type { SignedFor, UploadedProgram } from './uploaded-program.ts';
export type { WatchOptions } from './watch.ts';
export type { Webhooks } from './webhooks.ts';
export type { WebhookEvent, WebhookResult } from '@gossamer/protocol';
