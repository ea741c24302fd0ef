import { SAY } from '../door/frame.ts';

/** A cage's frame in the page. */
export interface OpenedFrame {
  /** For the engine's `connectFrame`: transfer it. */
  port: MessagePort;
  /** Takes the frame out of the page; everything in it ends. */
  remove(): void;
}

export interface OpenOptions {
  /** How long the frame may take to answer, ms. */
  timeoutMs?: number;
}

/**
 * Opens a cage's frame from a cage origin and waits until it answers.
 * @param url the cage document on its own site, never on the page's
 * @throws Error when the frame does not answer in time (its origin cannot be reached, or refuses this page)
 */
export const openFrame = (document: Document, url: string, options: OpenOptions = {}): Promise<OpenedFrame> => {
  const timeoutMs = options.timeoutMs ?? 20_000;
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.setAttribute('allow', '');
  frame.referrerPolicy = 'no-referrer';
  frame.title = 'cage';
  frame.tabIndex = -1;
  frame.ariaHidden = 'true';
  // Off the screen, but displayed: Chromium gives the process of a `display: none` frame a lower priority, which made
  // kernels half as fast on a busy machine.
  Object.assign(frame.style, { position: 'fixed', left: '-10px', top: '0', width: '1px', height: '1px', border: '0' });
  frame.src = url;
  const remove = (): void => frame.remove();

  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => {
      port1.close();
      remove();
      reject(new Error(`the cage at ${url} did not answer within ${timeoutMs} ms`));
    }, timeoutMs);
    port1.onmessage = ({ data }: MessageEvent<unknown>): void => {
      if (!Array.isArray(data) || data[0] !== SAY.hello) return;
      clearTimeout(timer);
      port1.onmessage = null;
      resolve({ port: port1, remove });
    };
    frame.addEventListener(
      'load',
      // The origin of a sandboxed frame is opaque: no target can be named but any.
      () => frame.contentWindow?.postMessage(0, '*', [port2]),
      { once: true },
    );
    document.body.append(frame);
  });
};
