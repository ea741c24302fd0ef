import { ProblemError } from '@gossamer/protocol';
import type { Socket } from 'node:net';
import { PROBLEM_TYPE } from './problems.ts';

/** Answers bytes that are no HTTP, or headers that come too slowly or too long, and closes the connection. */
export const answerBadClient = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error);
  const body = JSON.stringify(new ProblemError('request-invalid', 'this is no HTTP request').toProblem());
  socket.end(
    'HTTP/1.1 400 Bad Request\r\n' +
      `Content-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
};
