import { ProblemError } from '@gossamer/protocol';
import type { Socket } from 'node:net';
import { BASE_HEADERS } from './base-headers.ts';
import { PROBLEM_TYPE } from './problems.ts';

/** Answers bytes that are no HTTP, or headers that come too slowly or too long, and closes the connection. */
export const answerBadClient = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error);
  const body = JSON.stringify(new ProblemError('request-invalid', 'this is no HTTP request').toProblem());
  const headers = {
    'content-type': PROBLEM_TYPE,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    connection: 'close',
    ...BASE_HEADERS,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 400 Bad Request\r\n${lines.join('')}\r\n${body}`);
};
