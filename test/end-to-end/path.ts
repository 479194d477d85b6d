/** One patient's alert from beginning to end: what people do about it, and every mail that it sends. */
import { type Alert, isOpen, isOwned } from '../../handlers/alert/alert.ts';
import { parseHospital } from '../../handlers/on-call/parse-roster.ts';
import type { Hospital } from '../../handlers/on-call/roster.ts';
import { sendReading } from '../../infra/local/demo/once.ts';
import type { DeliveredMail } from '../../infra/local/services/sns/service.ts';
import { type Fields, formsOf } from '../handlers/answering/browser.ts';
import { addresseeOf, answerOf, openForm, sendForm, submit } from './browser.ts';
import { hospital, operationsAddress, pathOf, type Ward } from './ward.ts';

type Role = 'nurse' | 'doctor' | 'lead';

const onCall = (ward: string, role: Role, id: string) => ({
  ward,
  role,
  shiftStarts: ['07:00', '19:00'],
  startsOn: '2026-01-05',
  order: [id],
});
const staff = hospital.clinicians.filter(({ wards }) => wards.includes('ward-001'));
const idOf = (role: Role, which = 0) => staff.filter((one) => one.role === role)[which]?.id ?? '';
const levelsAbove = (ward: string) => [
  onCall(ward, 'doctor', idOf('doctor')),
  onCall(ward, 'lead', idOf('lead')),
];

/** A ward with one nurse on call, one with two, and one with none; all with a doctor and a lead. */
const wards = ['ward-001', 'ward-two', 'ward-none'] as const;
export type WardId = (typeof wards)[number];

const deviceOf = (ward: WardId, story: number) => ({
  id: `path-${ward}-${story}`,
  ward,
  bed: `${story + 1}`,
  patientId: `p-${ward}-${story}`,
});

/** With a device and a patient for each of so many stories, in every ward. */
export function hospitalOfPaths(stories: number): Hospital {
  const devices = wards.flatMap((ward) =>
    Array.from({ length: stories }, (_, story) => deviceOf(ward, story)),
  );
  const rotations = [
    ...wards.flatMap(levelsAbove),
    onCall('ward-001', 'nurse', idOf('nurse')),
    onCall('ward-two', 'nurse', idOf('nurse')),
    onCall('ward-two', 'nurse', idOf('nurse', 1)),
  ];
  const file = {
    ...hospital,
    wards: wards.map((id) => ({ id, name: `Ward ${id}` })),
    clinicians: staff.map((one) => ({ ...one, wards: [...wards] })),
    rotations,
    devices: [...hospital.devices.filter(({ ward }) => ward === 'ward-001'), ...devices],
    fallbackWard: 'ward-001',
  };
  return parseHospital(JSON.stringify(file), 'paths');
}

/** All stories are told before the night's report. */
export const earlyInTheDay = '2026-03-03T07:00:00.000Z';

const roleOf = ({ to }: DeliveredMail) =>
  to === operationsAddress ? 'operations' : (staff.find(({ email }) => email === to)?.role ?? to);

/** The kinds of mails, by how their subjects begin; a page's begins with the severity. */
const kinds: [begins: RegExp, kind: string][] = [
  [/^(CRITICAL|EMERGENCY)/, 'page'],
  [/^REMINDER: /, 'reminder'],
  [/^WORSE: /, 'worse'],
  [/^STILL/, 'still alarming'],
  [/^REPEAT/, 'repeat'],
  [/^TAKE OVER: /, 'take over'],
  [/^GIVEN BACK: /, 'given back'],
  [/^ANSWERED/, 'answered'],
  [/^CLOSED/, 'closed'],
  [/^EVERYONE PAGED/, 'everyone'],
  [/^UNANSWERED/, 'unanswered'],
  [/^Vigil restarted/, 'restarted'],
];
const kindOf = ({ subject }: DeliveredMail) => kinds.find(([begins]) => begins.test(subject))?.[1] ?? subject;

/** What one step sends arrives within this time; between two steps of a story is more. */
const TOGETHER_MS = 5000;

export type Path = ReturnType<typeof aPath>;

export function aPath(ward: Ward, story: number, where: WardId = 'ward-001') {
  const device = deviceOf(where, story);
  const since = ward.mails().length;

  function alert(): Alert {
    const found = ward.alerts().find(({ patientId }) => patientId === device.patientId);
    if (!found) throw new Error('The patient has no alert');
    return found;
  }
  const references = new Set<string>();
  /** Of this patient's alerts: a closed one makes room for the next. */
  const mails = () => {
    references.add(`VG ${alert().reference}`);
    const isOurs = ({ subject, text }: DeliveredMail) =>
      [...references].some((reference) => `${subject}\n${text}`.includes(reference));
    return ward.mails().slice(since).filter(isOurs);
  };
  const asks = (role: Role) => mails().filter((mail) => roleOf(mail) === role && /\/page\//.test(mail.text));

  /** The form of the mail's page, filled in by its addressee. */
  async function filledIn(mail: DeliveredMail | undefined, action: string): Promise<Fields> {
    return { ...(await openForm(ward, pathOf(mail))), ...answerOf(addresseeOf(mail), action) };
  }
  async function answer(mail: DeliveredMail | undefined, action: 'accept' | 'decline') {
    await submit(ward, pathOf(mail), await filledIn(mail, action));
  }

  /** What stands behind a PIN: pressed on the page of the person's latest link. */
  async function press(mail: DeliveredMail | undefined, action: string, fields: Fields = {}) {
    const path = pathOf(mail);
    const { body } = await submit(ward, path, await filledIn(mail, 'show'));
    const form = formsOf(body).find(({ actions }) => actions.includes(action));
    await submit(ward, path, { ...form?.hidden, ...fields, action });
  }

  const measure = (systolic: number, diastolic: number) =>
    sendReading(ward.vigil, device, systolic, diastolic);
  const critical = async () => {
    await measure(188, 112);
    await ward.seconds(10);
  };
  /** A good reading every other minute, until the alert is closed. */
  async function recover() {
    for (let times = 0; times < 12 && isOpen(alert()); times++) {
      await ward.seconds(60);
      await measure(124, 78);
      await ward.seconds(60);
    }
    await ward.seconds(60);
  }

  return {
    alert,
    /** The latest mail that asks somebody of that role. */
    last: (role: Role) => asks(role).at(-1),
    /** All of them, oldest first. */
    asks,
    seconds: ward.seconds,
    measure,
    critical,
    emergency: async () => {
      await measure(232, 133);
      await ward.seconds(10);
    },
    accept: (role: Role) => answer(asks(role).at(-1), 'accept'),
    decline: (role: Role) => answer(asks(role).at(-1), 'decline'),
    answer,
    press,
    recover,
    owner: () => {
      const present = alert();
      return isOwned(present) ? present.standing.owner.role : undefined;
    },
    /** Fills the form in now, to be sent later. */
    async acceptLater(mail: DeliveredMail | undefined) {
      const fields = await filledIn(mail, 'accept');
      return () => sendForm(ward, pathOf(mail), fields);
    },
    /** A line for all that went out at once, in order: `page lead, nurse; reminder doctor`. */
    told(): string[] {
      const steps: DeliveredMail[][] = [];
      for (const mail of mails()) {
        const step = steps.at(-1);
        if (step?.[0] && mail.at - step[0].at < TOGETHER_MS) step.push(mail);
        else steps.push([mail]);
      }
      return steps.map((step) =>
        [...Map.groupBy(step, kindOf)]
          .map(([kind, ones]) => `${kind} ${ones.map(roleOf).sort().join(', ')}`)
          .sort()
          .join('; '),
      );
    },
  };
}
