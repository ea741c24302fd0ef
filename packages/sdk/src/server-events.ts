import { textLines } from './text-lines.ts';

/** One Server-Sent Event. `id` is the last one given, here or before. */
export interface ServerEvent {
  event: string;
  id: string;
  data: string;
}

/** Reads a response of type text/event-stream (HTML standard, section 9.2.6). */
export async function* serverEvents(response: Response, signal?: AbortSignal): AsyncGenerator<ServerEvent> {
  let event = '';
  let data: string[] = [];
  let id = '';
  for await (const lines of textLines(response, signal)) {
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { event: event === '' ? 'message' : event, id, data: data.join('\n') };
        event = '';
        data = [];
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') event = value;
      else if (field === 'data') data.push(value);
      else if (field === 'id') id = value;
    }
  }
}
