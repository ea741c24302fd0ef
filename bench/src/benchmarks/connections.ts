import { benchmark } from '../cli/benchmark.ts';
import { Coordinator } from '../coordinator/coordinator.ts';
import { Device } from '../load/device.ts';
import { round } from '../measure/round.ts';
import { eachOf, wait } from '../measure/wait.ts';

/** Devices that sign in at the same time. */
const AT_ONCE = 64;

/** Idle devices that stay connected, and what each costs in memory. */
export const connections = benchmark({
  name: 'connections',
  about: 'devices connected at once, signed in and waiting for work, and the memory of each',
  options: {
    clients: { about: 'devices', value: 19_000, least: 1, most: 27_000 },
    seconds: { about: 'how long they stay', value: 40, least: 1, most: 600 },
  },
  async run({ clients, seconds }, { say, execArgv }) {
    const coordinator = await Coordinator.start({ execArgv });
    try {
      const before = await coordinator.residentBytes();
      const cpuBefore = await coordinator.cpuMicros();
      const devices = Array.from({ length: clients }, () => new Device());
      let lost = 0;
      const began = performance.now();
      await eachOf(devices, AT_ONCE, async (device, place) => {
        await device.signIn(coordinator.port);
        device.onLost(() => (lost += 1));
        // Parked until there is work, which there is not: each asks again when it is answered.
        void park(device);
        if (place % 1000 === 999) say(`${place + 1} devices`);
      });
      const connectedMs = performance.now() - began;
      const cpu = (await coordinator.cpuMicros()) - cpuBefore;
      await wait(seconds * 1000);
      const after = await coordinator.residentBytes();
      const { sessions } = await coordinator.grid.view();
      return {
        clients,
        connected: devices.filter(({ isConnected }) => isConnected).length,
        sessions,
        lost,
        residentMb: Math.round(after.now / 2 ** 20),
        peakMb: Math.round(after.peak / 2 ** 20),
        kbPerConnection: round((after.now - before.now) / clients / 1024),
        connectCpuMicros: round(cpu / clients),
        connectsPerSecond: round((clients * 1000) / connectedMs),
        seconds,
        checked: lost === 0 && sessions === clients,
      };
    } finally {
      await coordinator.remove();
    }
  },
  reported: [{}],
  columns: [
    ['clients', 'devices'],
    ['lost', 'lost'],
    ['residentMb', 'memory, MB'],
    ['kbPerConnection', 'KB a device'],
    ['connectCpuMicros', 'CPU of a sign-in, µs'],
    ['connectsPerSecond', 'sign-ins/s'],
  ],
});

const park = async (device: Device): Promise<void> => {
  while (device.isConnected) await device.exchange({ slots: 1 });
};
