import { serveThread } from '../thread/serve-thread.ts';
import { ReadsService } from './reads-service.ts';

serveThread((path: string) => new ReadsService(path));
