import { createSignerFile, range } from '@gossamer/sdk/node';
import { join } from 'node:path';
import type { Coordinator } from '../support/coordinator.ts';
import { LOOPS, SQUARE } from '../support/programs.ts';
import { expect, test } from '../support/test.ts';
import { gather, until } from '../support/wait.ts';

const signerOf = async (coordinator: Coordinator) => {
  const { signer } = await createSignerFile(join(coordinator.data, 'keys/ada.json'), 'Ada Byron');
  await coordinator.grid.signers.register(signer, 'Ada Byron');
  return signer;
};

test.describe('on a grid that runs only what was vetted in public', () => {
  test.use({ settings: { GOSSAMER_UNVETTED: 'playground' } });

  test('E28: a signed program runs in public at quorum 2, and when its signer is revoked its running work stops', async ({
    coordinator,
    lend,
  }) => {
    const signer = await signerOf(coordinator);
    await coordinator.operator.signers.grant(signer.key, { tier: 'public' });
    const done = await coordinator.grid.map(range(0, 6), SQUARE, { signer, quorum: 2, params: { work: 0 } });
    const [one, two] = [await lend(), await lend()];
    expect(await done.done()).toMatchObject({
      state: 'completed',
      tier: 'public',
      attempts: { valid: 12, invalid: 0 },
    });
    const endless = await coordinator.grid.map(range(0, 6), LOOPS, { signer, name: 'Endless', quorum: 2 });
    await one.slot({ runs: 'Endless' });
    await two.slot({ runs: 'Endless' });
    await coordinator.grid.signers.revoke(signer.key);
    await one.slot('free');
    await two.slot('free');
    const view = await endless.view();
    expect(view).toMatchObject({ state: 'cancelled', attempts: { leased: 0, errored: 0 } });
    expect(view.reason).toContain('its signer “Ada Byron”');
    const again = coordinator.grid.map(range(0, 6), SQUARE, { signer });
    await expect(again).rejects.toMatchObject({ code: 'signer-revoked', status: 403 });
  });

  test('E29: an unsigned program runs in the playground only: in a tab that was set apart and opted in', async ({
    coordinator,
    lend,
  }) => {
    const job = await coordinator.grid.map(range(0, 4), SQUARE, { trusted: true, params: { work: 0 } });
    expect((await job.view()).tier).toBe('playground');
    const [plain, offered, apart] = [await lend(), await lend(), await lend()];
    await offered.page.getByTestId('playground').check();
    await coordinator.operator.setApart(apart.device, true);
    await until(
      'one opted in, and one was set apart',
      async () => gather(coordinator.operator.devices()),
      (all) =>
        all.some(({ id, playground, connected }) => id === offered.device && playground.optedIn && connected) &&
        all.some(({ id, playground }) => id === apart.device && playground.apart),
    );
    const waiting = (await job.view()).waiting!;
    expect(waiting).toContain('the operator has not set the device apart');
    expect(waiting).toContain('volunteer has not opted in');
    expect((await job.view()).attempts.leased).toBe(0);
    await apart.page.getByTestId('playground').check();
    expect(await job.done()).toMatchObject({ state: 'completed', units: { validated: 4 } });
    const valid = Object.fromEntries((await coordinator.devices()).map((device) => [device.id, device.valid]));
    expect([valid[plain.device], valid[offered.device], valid[apart.device]]).toEqual([0, 0, 4]);
  });
});
