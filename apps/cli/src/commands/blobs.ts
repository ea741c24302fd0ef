import { Sha256 } from '@gossamer/protocol';
import { errorOf, file } from '@gossamer/sdk/node';
import type { Command } from 'commander';
import { createHash } from 'node:crypto';
import { type Cli, action } from '../cli.ts';
import { requireFile, save } from '../save.ts';
import { uploadProgress } from '../upload-progress.ts';

export const blobsCommand = (parent: Command): void => {
  const blobs = parent.command('blobs').description('data by content address');
  blobs
    .command('put <file>')
    .description('upload a file (- is stdin), unless it is there, and print its name')
    .action(action(put));
  blobs
    .command('get <sha256>')
    .description('write a blob to standard output, or to a file')
    .option('-o, --output <file>', 'the file; it is there only when all of it came')
    .action(action(get));
};

const put = async (cli: Cli, path: string): Promise<void> => {
  const onProgress = uploadProgress(cli, path);
  const blob = await cli.grid().blobs.put(path === '-' ? process.stdin : file(path), { onProgress });
  await cli.show(blob, ({ sha256 }) => sha256);
};

const get = async (cli: Cli, sha256: string, { output = '-' }: { output?: string }): Promise<void> => {
  requireFile(cli, output);
  if (!Sha256.safeParse(sha256).success) {
    const message = `"${sha256}" is not a blob's name, of 64 lower-case hexadecimal digits`;
    throw errorOf('blob-unknown', message, { status: 404 });
  }
  await save(cli, checked(await cli.grid().blobs.get(sha256), sha256), output);
  if (output !== '-') await cli.show({ sha256, file: output }, ({ file: written }) => written);
};

/** Passes the bytes on; at the end they must be those that the name names. */
async function* checked(stream: ReadableStream<Uint8Array>, sha256: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== sha256) throw errorOf('blob-mismatch', `what came is not ${sha256}`);
}
