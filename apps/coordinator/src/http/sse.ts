/** Frames of an event stream (HTML, section 9.2.6). JSON holds no line break, so one data line is enough. */
export const sseEvent = (event: string, data: unknown, id?: number | string): string =>
  `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;

/** Keeps proxies from closing a silent stream; clients do not see it. */
export const SSE_HEARTBEAT = ': still here\n\n';

export const SSE_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  /** nginx would hold the events back. */
  'x-accel-buffering': 'no',
};

/** The number in a Last-Event-ID header; null where there is none, or none of ours. */
export const lastEventId = (header: string | string[] | undefined): number | null =>
  typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : null;
