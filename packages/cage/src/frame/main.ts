import { ORDER, SAY } from '../door/frame.ts';

/** The text of the boot, put here when the frame is bundled. */
declare const GOSSAMER_BOOT: string;

/**
 * The script of a cage's frame: spawns a worker for each lease and hands it the lease's port, ends it on command, and
 * answers the heartbeat. It starts no timer (the page's may be throttled) and reads nothing that a worker says.
 */
const serve = (engine: MessagePort): void => {
  const workers = new Map<number, Worker>();
  const boot = new Blob([GOSSAMER_BOOT], { type: 'text/javascript' });

  const spawn = (id: number, lease: MessagePort): void => {
    const url = URL.createObjectURL(boot);
    // Classic: a module worker from a blob does not start in an opaque origin in Chromium.
    const worker = new Worker(url);
    workers.set(id, worker);
    worker.addEventListener(
      'message',
      () => {
        // The boot runs. From here on its text has no address that a program could import.
        URL.revokeObjectURL(url);
        worker.postMessage(0, [lease]);
      },
      { once: true },
    );
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      if (!workers.delete(id)) return;
      worker.terminate();
      engine.postMessage([SAY.failed, id, String(event.message).slice(0, 500)]);
    });
  };

  engine.onmessage = ({ data, ports }: MessageEvent<[number, number]>): void => {
    const [order, id] = data;
    if (order === ORDER.ping) engine.postMessage([SAY.pong, id]);
    else if (order === ORDER.spawn && ports[0] !== undefined) spawn(id, ports[0]);
    else if (order === ORDER.kill) {
      workers.get(id)?.terminate();
      workers.delete(id);
    }
  };
  engine.postMessage([SAY.hello]);
};

const greet = (event: MessageEvent): void => {
  const port = event.ports[0];
  if (event.source !== parent || port === undefined) return;
  removeEventListener('message', greet);
  serve(port);
};
addEventListener('message', greet);
