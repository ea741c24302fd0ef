import underPressure from '@fastify/under-pressure';
import { ProblemError } from '@gossamer/protocol';
import type { FastifyInstance } from 'fastify';

class Overloaded extends ProblemError {
  constructor() {
    super('unavailable', 'too much is asked of it at once');
  }
}

/** Refuses requests while the event loop is late, so that the scheduler comes to its turn. */
export const relievePressure = (app: FastifyInstance, maxEventLoopDelay: number): void => {
  void app.register(underPressure, { maxEventLoopDelay, customError: Overloaded as never });
};

/** `config` of routes that answer under pressure too. */
export const ANSWERS_UNDER_PRESSURE = { pressureHandler: () => undefined };
