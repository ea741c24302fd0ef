import { serveThread } from '../thread/serve-thread.ts';
import { WebhooksService } from './webhooks-service.ts';

serveThread((path: string) => new WebhooksService(path));
