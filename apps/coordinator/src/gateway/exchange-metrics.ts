import type { Registry } from 'prom-client';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { LoadShedder } from './load-shedder.ts';

export interface ExchangeMetrics {
  /** An exchange was answered, `ms` after it came, with its facts on disk. One that was parked is not timed. */
  answered(ms: number): void;
}

/** What Prometheus is told of exchanges. */
export const exchangeMetrics = (registry: Registry, shedder: LoadShedder): ExchangeMetrics => {
  const registers = [registry];
  const duration = new Histogram({
    name: 'gossamer_exchange_duration_seconds',
    help: 'Time from an exchange to its answer, commit included; parked ones do not count',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2, 10],
    registers,
  });
  new Gauge({
    name: 'gossamer_exchanges_under_way',
    help: 'Exchanges that were let in and are not answered yet',
    registers,
    collect() {
      this.set(shedder.underWay);
    },
  });
  new Counter({
    name: 'gossamer_exchanges_refused_total',
    help: 'Exchanges that were told to come again, as there was too much to do',
    registers,
    collect() {
      this.reset();
      this.inc(shedder.refusals);
    },
  });
  return { answered: (ms) => duration.observe(ms / 1000) };
};
