import { serveThread } from '../thread/serve-thread.ts';
import { LogWriter } from './log-writer.ts';
import type { LogThreadData } from './messages.ts';

serveThread((data: LogThreadData) => new LogWriter(data));
