import { serveThread } from '../thread/serve-thread.ts';
import { LogReader } from './log-reader.ts';
import type { LogThreadData } from './messages.ts';

serveThread((data: LogThreadData) => new LogReader(data));
