import type { CageLease, LoadableProgram } from '../api.ts';
import type { ProgramMessage } from '../door/layout.ts';

/** A lease whose program was not refused. */
export type LoadableLease = CageLease & { program: LoadableProgram };

/** What a lease asks of its frame. */
export interface WorkerHost {
  /** Starts a worker that gets `port`; returns its number. */
  spawn(port: MessagePort): number;
  kill(worker: number): void;
  /** Something of the frame's renderer was heard. */
  heard(): void;
}

/** A worker that was started: its number in the frame, and the engine's end of its door. */
export interface StartedWorker {
  number: number;
  port: MessagePort;
}

/** Starts a worker for one lease and tells it the program; it gets no unit yet. */
export const startWorker = ({ program, params, limits, data }: LoadableLease, host: WorkerHost): StartedWorker => {
  const { port1, port2 } = new MessageChannel();
  const message: ProgramMessage = {
    program,
    params,
    resultBytes: limits.resultBytes,
    data: { entries: data?.entries ?? [], bodies: data?.bodies ?? null },
  };
  port1.postMessage(message);
  return { number: host.spawn(port2), port: port1 };
};

/** Ends a worker; nothing is heard of it any more. */
export const endWorker = ({ number, port }: StartedWorker, host: WorkerHost): void => {
  port.onmessage = null;
  port.onmessageerror = null;
  port.close();
  host.kill(number);
};
