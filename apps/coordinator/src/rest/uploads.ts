import { ProblemError, Sha256 } from '@gossamer/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { UploadState } from '../grid-uploads.ts';
import { callerOf } from '../http/auth.ts';
import type { Api, ApiContext } from './api-context.ts';
import { describe } from './describe.ts';
import { BODY, CHANGE } from './problem-codes.ts';
import { BlobParams } from './params.ts';
import { declaredLength, uploadChunks } from './upload.ts';

const PIECE = 'application/offset+octet-stream';
const VERSION = '1.0.0';

const bytes = z.coerce.number().int().min(0);
const Version = { 'tus-resumable': z.string().optional() };
const BeginHeaders = z.looseObject({
  ...Version,
  'upload-length': bytes,
  'upload-metadata': z.string().max(4096),
});
const PieceHeaders = z.looseObject({ ...Version, 'upload-offset': bytes });

/** `sha256` of pairs of a name and a base64 text, which are separated by commas. */
const nameIn = (metadata: string): Sha256 => {
  for (const pair of metadata.split(',')) {
    const [key, value = ''] = pair.trim().split(' ');
    if (key !== 'sha256') continue;
    const read = Sha256.safeParse(Buffer.from(value, 'base64').toString('latin1'));
    if (read.success) return read.data;
  }
  throw new ProblemError(
    'request-invalid',
    'Upload-Metadata must name the blob: sha256, a blank, and the base64 of its 64 hexadecimal digits',
  );
};

/** Uploads of blobs in pieces, by the tus protocol 1.0.0 with its extensions creation and termination. */
export const uploadRoutes = (scope: FastifyInstance, { grid, limits }: ApiContext): void => {
  const tag = 'blobs';
  const config = { access: 'key' } as const;
  const [summary, params] = ['Uploads that go on where they broke off (tus 1.0.0)', BlobParams];
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(PIECE, (_request, body, done) => done(null, body));
  scope.addHook('onRequest', async (request, reply) => {
    reply.header('tus-resumable', VERSION);
    const asked = request.headers['tus-resumable'];
    if (asked === undefined || asked === VERSION) return;
    reply.header('tus-version', VERSION);
    throw new ProblemError('upload-protocol', `Tus-Resumable is ${String(asked)}; this coordinator speaks ${VERSION}`);
  });
  const api: Api = scope.withTypeProvider<ZodTypeProvider>();
  const tell = (reply: FastifyReply, { offset, length }: UploadState): FastifyReply =>
    reply.headers({ 'upload-offset': offset, 'upload-length': length });

  api.post(
    '/uploads',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: `${summary}: begin`,
        description:
          'Upload-Length and Upload-Metadata (sha256: the blob’s name, base64). A key has one upload of a blob at a time: one ' +
          'that broke off is found again, and Upload-Offset says where to go on.',
        headers: BeginHeaders,
        ok: { 201: z.undefined().describe('Location names it, Upload-Offset says how many bytes there are') },
        problems: ['quota-exceeded', 'upload-protocol', ...CHANGE],
      }),
    },
    async (request, reply) => {
      const { 'upload-length': length, 'upload-metadata': metadata } = request.headers;
      const sha256 = nameIn(metadata);
      if (length > limits.blobBytes) {
        throw new ProblemError('body-too-large', `a blob has at most ${limits.blobBytes} bytes`);
      }
      tell(reply, await grid.uploads.begin(callerOf(request), sha256, length));
      return reply.code(201).header('location', `/v1/uploads/${sha256}`).send();
    },
  );

  api.head(
    '/uploads/:sha256',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: `${summary}: how far one has come`,
        params,
        ok: { 200: z.undefined().describe('Upload-Offset and Upload-Length') },
        problems: ['upload-unknown', 'upload-protocol'],
      }),
    },
    async (request, reply) => tell(reply, await grid.uploads.find(callerOf(request), request.params.sha256)).send(),
  );

  api.patch(
    '/uploads/:sha256',
    {
      bodyLimit: limits.blobBytes,
      config: { ...config, ownPace: true },
      schema: describe({
        tag,
        ...config,
        summary: `${summary}: more bytes`,
        description: `Bytes as ${PIECE} from Upload-Offset on, as many as one likes. The last one makes the blob.`,
        consumes: [PIECE],
        headers: PieceHeaders,
        params,
        ok: { 204: z.undefined().describe('Upload-Offset says how many bytes there are') },
        problems: ['upload-unknown', 'upload-offset', 'upload-protocol', 'blob-mismatch', 'quota-exceeded', ...CHANGE],
      }),
    },
    async (request, reply) => {
      // One without bytes finishes what is complete.
      const { 'content-type': type } = request.headers;
      if (request.body === undefined && type !== PIECE)
        throw new ProblemError('media-type-unsupported', `send bytes as ${PIECE}`);
      const content = uploadChunks(request.raw, limits);
      const declared = declaredLength(request.headers['content-length']);
      const cut = (): void => void request.raw.destroy();
      const piece = { offset: request.headers['upload-offset'], content, declared, cut };
      tell(reply, await grid.uploads.append(callerOf(request), request.params.sha256, piece));
      return reply.code(204).send();
    },
  );

  api.delete(
    '/uploads/:sha256',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: `${summary}: give one up`,
        params,
        ok: { 204: z.undefined().describe('It is gone') },
        problems: ['upload-unknown', 'upload-protocol', ...BODY],
      }),
    },
    async (request, reply) => {
      await grid.uploads.drop(callerOf(request), request.params.sha256);
      return reply.code(204).send();
    },
  );
};
