import type { Registry } from 'prom-client';
import { Counter } from 'prom-client';

/** Told whenever a bound of floods and crowds is felt. */
export interface FlowMetrics {
  /** A connection over its rate is not read for a while. */
  rested(): void;
  /** A connection that does not read was cut. */
  cut(): void;
  /** A connection was one too many of its network. */
  crowded(): void;
  /** A sign-in was one too many of its network. */
  signInRefused(): void;
}

export const flowMetrics = (registry: Registry): FlowMetrics => {
  const counter = (name: string, help: string): (() => void) => {
    const count = new Counter({ name, help, registers: [registry] });
    return () => count.inc();
  };
  return {
    rested: counter(
      'gossamer_connections_rested_total',
      'Times that a connection over its rate was not read for a while',
    ),
    cut: counter(
      'gossamer_connections_cut_total',
      'Connections that were cut as they did not read what waits for them',
    ),
    crowded: counter('gossamer_connections_crowded_total', 'Connections that were one too many of their network'),
    signInRefused: counter('gossamer_sign_ins_refused_total', 'Sign-ins that were one too many of their network'),
  };
};
