// Opens the stores and holds them until it is ended.
import { openSqliteStores } from '../../dist/index.js';

await openSqliteStores(process.argv[2]);
process.stdout.write('open\n');
setInterval(() => undefined, 1_000);
