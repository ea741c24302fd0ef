import { LIMITS } from '@gossamer/protocol';
import { benchmark } from '../cli/benchmark.ts';
import { round } from '../measure/round.ts';
import { measureInputs } from '../payload/inputs.ts';
import { DURABILITY, hotpath } from './hotpath.ts';

/** Inputs and results of a megabyte: how fast they travel, and what they cost the coordinator. */
export const payload = benchmark({
  name: 'payload',
  about: 'results of a megabyte in exchanges, and inputs of a megabyte as blobs over HTTP',
  options: {
    bytes: {
      about: 'size of an input and of a result',
      value: 1e6,
      least: LIMITS.inlineInput + 1,
      most: LIMITS.result,
    },
    clients: { about: 'devices', value: 8, least: 1, most: 1000 },
    inputs: { about: 'units whose inputs are read', value: 200, least: 1, most: 10_000 },
    seconds: { about: 'length of the measurement of results', value: 6, least: 1, most: 600 },
  },
  async run({ bytes, clients, inputs: units, seconds }, { say, execArgv }) {
    say('results');
    const results = await hotpath.run({ batch: 1, quorum: 1, clients, bytes, seconds }, { say, execArgv });
    const of = (key: string): number => Number(results[key]);
    say('inputs');
    const inputs = await measureInputs({ units, bytes, clients }, execArgv);
    return {
      resultMbPerSecond: round((of('unitsPerSecond') * bytes) / 1e6),
      resultCpuMsPerMb: round((of('cpuMicrosPerResult') * 1000) / bytes),
      wireBytesBeyondResult: Math.round(of('wireBytesPerResult') - bytes),
      p50Ms: results['p50Ms'],
      p99Ms: results['p99Ms'],
      peakMb: results['peakMb'],
      inputMbPerSecond: round(inputs.megabytesPerSecond),
      inputCpuMsPerMb: round(inputs.cpuMsPerMegabyte),
      servedMbPerSecond: round(inputs.servedPerSecond),
      servedCpuMsPerMb: round(inputs.servedCpuMsPerMegabyte),
      unchangedPerSecond: Math.round(inputs.unchangedPerSecond),
      bytes,
      clients,
      inputs: units,
      seconds,
      durability: DURABILITY,
      checked: results['checked'] === true && inputs.checked,
    };
  },
  reported: [{}, { bytes: 100_000 }],
  columns: [
    ['bytes', 'bytes'],
    ['resultMbPerSecond', 'results, MB/s on disk'],
    ['resultCpuMsPerMb', 'CPU, ms a MB'],
    ['wireBytesBeyondResult', 'bytes on the wire beyond the result'],
    ['inputMbPerSecond', 'inputs cut and read, MB/s'],
    ['inputCpuMsPerMb', 'CPU, ms a MB'],
    ['servedMbPerSecond', 'read again, MB/s'],
    ['servedCpuMsPerMb', 'CPU, ms a MB'],
    ['unchangedPerSecond', 'asked again, without a body, /s'],
    ['checked', 'checked'],
  ],
});
