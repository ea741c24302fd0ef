// What the tests of archives share: they read them with another implementation than the one that wrote them.
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { fromBuffer } from 'yauzl';

const opened = promisify(fromBuffer);

export const contentsOf = async (bytes) => {
  const zip = await opened(bytes, { lazyEntries: true });
  const open = promisify(zip.openReadStream.bind(zip));
  const found = new Map();
  return new Promise((resolve, reject) => {
    const take = async (entry) => {
      found.set(entry.fileName, await buffer(await open(entry)));
      zip.readEntry();
    };
    zip.on('error', reject);
    zip.on('end', () => resolve(found));
    zip.on('entry', (entry) => void take(entry).catch(reject));
    zip.readEntry();
  });
};
