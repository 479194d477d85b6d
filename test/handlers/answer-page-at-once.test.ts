/** Several PINs at once, and floods of wrong ones: whoever gives the right one gets in, at the first try. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { newPage } from '../../handlers/alert/page.ts';
import type { PinHash } from '../../handlers/on-call/roster.ts';
import { metrics } from '../../handlers/runtime/logger.ts';
import { pinMatches } from '../../handlers/runtime/pin.ts';
import { LocalAws } from '../local-aws.ts';
import { aPagedAlert, at } from './alert/builders.ts';
import { open, submit } from './answering/browser.ts';
import { aPageStory, doctor, link, nurse, pass, pinHashes, pins } from './answering/page-story.ts';
import { aRoster } from './on-call/builders.ts';

vi.mock(import('../../handlers/runtime/pin.ts'), { spy: true });

const story = aPageStory();

/** Hundreds of scrypts would take a minute: the hashes are the right ones, and are only compared. */
const hashOfTrivial = 'dHJpdmlhbA==';
beforeEach(() => {
  const right = new Map(Object.entries(pins).map(([id, pin]) => [pinHashes[id]?.hash, pin]));
  right.set(hashOfTrivial, '111222');
  vi.mocked(pinMatches)
    .mockReset()
    .mockImplementation(async (pin, _pepper, { hash }) => right.get(hash) === pin);
});
const doctorsLink = 'c'.repeat(22);

/** Another patient's alert, which the doctor is asked about. */
const askTheDoctor = () => {
  const alert = { ...aPagedAlert(), pk: 'PATIENT#p-8', alertId: 'a-8' };
  story.put(alert);
  story.aws.items.set(`PAGE#${doctorsLink}`, newPage(alert, doctorsLink, 'doctor-1', at(0)));
};

/** Holds the calls for an item of the table back until they are let go. */
function held(pattern: RegExp) {
  const { aws } = story;
  const answer = aws.answer.bind(aws);
  const gate = Promise.withResolvers<void>();
  aws.answer = async (command, send) => {
    if (pattern.test(command.input.Key?.pk ?? '')) await gate.promise;
    return answer(command, send);
  };
  return gate.resolve;
}

describe('right PINs on phones that nobody knows', () => {
  test('of two people, the one that was sent first is counted last: both get in', async () => {
    askTheDoctor();
    const [nurses, doctors] = [await open(link), await open(doctorsLink)];
    const letGo = held(/PIN#nurse-1/);
    const first = submit(link, nurses, 'accept', nurse);
    await Promise.resolve();
    vi.setSystemTime(Date.now() + 30);
    const second = submit(doctorsLink, doctors, 'accept', doctor);
    setTimeout(letGo, 20);
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
    expect(story.alertNow()).toMatchObject({
      standing: { owner: { clinicianId: 'nurse-1' } },
      round: { declined: [] },
    });
  });

  test('pressed twice, it is one answer', async () => {
    const form = await open(link);
    const both = await Promise.all([
      submit(link, form, 'accept', nurse),
      submit(link, form, 'accept', nurse),
    ]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(story.alertNow()).toMatchObject({
      standing: { owner: { clinicianId: 'nurse-1' } },
      round: { declined: [] },
    });
  });

  test.each([-5000, -40, 40, 5000])(
    'after a wrong one that another instance counted, whose clock is off by %i ms',
    async (off) => {
      const now = Date.now();
      vi.setSystemTime(now + off);
      expect((await submit(link, await open(link), 'show', { ...nurse, pin: '739145' })).status).toBe(403);
      vi.setSystemTime(now);
      expect((await submit(link, await open(link), 'accept', nurse)).status).toBe(200);
    },
  );

  test('fifty of them within the same moment, as many as the throttle lets through', async () => {
    const clinicians = Array.from({ length: 50 }, (_, n) => ({
      ...(aRoster().clinicians[0] as (typeof story.aws.roster.clinicians)[number]),
      id: `nurse-${n}`,
      name: `Nurse ${n}`,
      pinHash: pinHashes['nurse-1'] as PinHash,
    }));
    story.aws = new LocalAws(aRoster({ clinicians, rotations: [] }));
    story.put(aPagedAlert());
    const links = clinicians.map((_, n) => `p${String(n).padStart(21, '0')}`);
    for (const [n, id] of links.entries()) {
      story.aws.items.set(`PAGE#${id}`, newPage(aPagedAlert(), id, `nurse-${n}`, at(0)));
    }
    const forms = await Promise.all(links.map(open));
    const answers = forms.map((form, n) =>
      submit(links[n] as string, form, 'show', { clinician: `nurse-${n}`, pin: pins['nurse-1'] }),
    );
    expect((await Promise.all(answers)).filter(({ status }) => status !== 200)).toEqual([]);
  });
});

describe('a PIN that no roster may give', () => {
  const trivial = ['000000', '121212', '123123', '123456', '112233'];

  test('is not counted, and not compared with anybody’s, though a roster of before has one', async () => {
    const hash = { ...pinHashes['nurse-1'], hash: hashOfTrivial } as PinHash;
    story.aws = new LocalAws(aRoster({}, { ...pinHashes, 'nurse-1': hash }));
    story.put(aPagedAlert());
    story.aws.items.set(`PAGE#${link}`, newPage(aPagedAlert(), link, 'nurse-1', at(0)));
    pass(61);
    for (const pin of [...trivial, '111222']) {
      expect((await submit(link, await open(link), 'accept', { ...nurse, pin })).status).not.toBe(200);
    }
    // As long as any other takes, and never with her own hash.
    expect(vi.mocked(pinMatches).mock.calls.map(([, , { hash: known }]) => known)).not.toContain(
      hashOfTrivial,
    );
    expect(pinMatches).toHaveBeenCalledTimes(6);
    expect(story.ownerNow()).toBeNull();
    expect(story.aws.writes.filter((write) => write.includes('PIN#'))).toEqual([]);
  });

  test('by the hundred at once keeps nobody out: neither known browsers nor new ones', async () => {
    const { cookies } = await submit(link, await open(link), 'show', nurse);
    askTheDoctor();
    const [form, doctors] = [await open(link), await open(doctorsLink)];
    const flood = Array.from({ length: 100 }, (_, n) =>
      submit(link, form, 'show', { ...nurse, pin: trivial[n % 5] as string }),
    );
    const known = submit(link, form, 'accept', nurse, cookies);
    const unknown = submit(doctorsLink, doctors, 'accept', doctor);
    expect([(await known).status, (await unknown).status]).toEqual([200, 200]);
    expect((await Promise.all(flood)).filter(({ status }) => status === 500)).toEqual([]);
  });

  test('brings no lock, and tells the operations of none, however often', async () => {
    const counted = vi.spyOn(metrics, 'addMetric');
    for (let n = 0; n < 70; n++)
      await submit(link, await open(link), 'show', { clinician: 'doctor-1', pin: '000000' });
    expect(counted).not.toHaveBeenCalledWith('PinTriesUsedUp', 'Count', 1);
    expect((await submit(link, await open(link), 'show', doctor)).status).toBe(200);
  });
});

test('a flood of wrong PINs is counted in time: nobody reads that something failed, and a known phone gets in', async () => {
  const { cookies } = await submit(link, await open(link), 'show', nurse);
  const form = await open(link);
  const flood = Array.from({ length: 100 }, (_, n) =>
    submit(link, form, 'show', { clinician: `nobody-${n}`, pin: String(739_145 + n) }),
  );
  const known = submit(link, form, 'accept', nurse, cookies);
  const unknown = submit(link, form, 'accept', nurse);
  expect((await Promise.all(flood)).filter(({ status }) => status === 500)).toEqual([]);
  expect([(await known).status, (await unknown).status]).toEqual([200, 200]);
});
