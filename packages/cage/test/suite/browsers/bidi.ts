import WebSocket from 'ws';

/** A connection to a browser by WebDriver BiDi (W3C): commands and their answers; events are not listened to. */
export interface Bidi {
  /** The command's result. Throws what the browser refuses it with. */
  send<T>(method: string, params: object): Promise<T>;
  close(): void;
}

interface Answer {
  id?: number;
  type: 'success' | 'error' | 'event';
  result?: unknown;
  error?: string;
  message?: string;
}

/** @param address what the browser printed, such as `ws://127.0.0.1:9222` */
export const connectBidi = async (address: string): Promise<Bidi> => {
  const socket = new WebSocket(`${address}/session`, { maxPayload: 256 * 1024 * 1024 });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  socket.on('message', (data: Buffer) => {
    const answer = JSON.parse(data.toString()) as Answer;
    if (answer.id === undefined) return;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  socket.on('close', () => {
    for (const settle of waiting.values()) settle({ type: 'error', error: 'the browser is gone' });
    waiting.clear();
  });
  const send = async <T>(method: string, params: object): Promise<T> => {
    const answer = await new Promise<Answer>((resolve) => {
      const id = ++last;
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
    if (answer.type === 'error') throw new Error(`${method}: ${answer.error}: ${answer.message ?? ''}`);
    return answer.result as T;
  };
  return { send, close: () => socket.terminate() };
};
