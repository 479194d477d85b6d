/** One account in which alert after alert goes its way, with people who answer and a device that measures as a path says. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { StoredAlert } from '../../../handlers/aws/dynamodb/alert-store.ts';
import { operator } from '../../../infra/local/account/account.ts';
import type { Template } from '../../../infra/local/account/template.ts';
import { localContext, startVigil } from '../../../infra/local/account/vigil.ts';
import { replayHospital } from '../../../infra/local/replay/hospital.ts';
import { type Habits, type Reaction, simulatePeople } from '../../../infra/local/replay/people.ts';
import type { DynamoDbService } from '../../../infra/local/services/dynamodb/service.ts';
import type { HttpApiService } from '../../../infra/local/services/http-api.ts';
import type { DeliveredMail, SnsService } from '../../../infra/local/services/sns/service.ts';
import { parseDefinition } from '../../../infra/local/services/step-functions/parse-definition.ts';
import type {
  Execution,
  StepFunctionsService,
} from '../../../infra/local/services/step-functions/service.ts';
import type { WebService } from '../../../infra/local/services/web.ts';
import { formsOf } from '../../handlers/answering/browser.ts';
import { type Incident, incidentsIn, type Visit } from './incidents.ts';
import type { Path } from './paths.ts';

export type Written = { at: number; alert: Alert };
/** What became of one walk. */
export type Walked = {
  path: Path;
  incidents: readonly Incident[];
  missed: readonly Incident[];
  visits: readonly Visit[];
  executions: readonly Execution[];
  /** Each write of an alert, in order. */
  written: readonly Written[];
  mails: readonly DeliveredMail[];
  /** When the operations were told anything, by whichever channel. */
  toldOperationsAt: readonly number[];
  startedAt: number;
  /** Readings that are promised to be raised, and are not. */
  claimed: readonly string[];
  isOver: boolean;
};

const seconds = (count: number) => count * 1000;
const minutes = (count: number) => seconds(60 * count);
/** Longer than any path takes, with what may go wrong on it. */
const longestMs = minutes(150);
/** What the functions remember (a roster, a subscription) is forgotten before the next walk: each meets the same calls. */
const pauseMs = seconds(65);

const bed = {
  recordId: 'p-1',
  minute: 0,
  systolic: null,
  diastolic: null,
  meanArterial: null,
  pulse: null,
  ageYears: null,
};
const world = replayHospital([bed], 'adult');
/** One nurse beside the one on call, at work for devices too; a recheck of five minutes is as good as one of fifteen. */
const hospital = {
  ...world,
  clinicians: world.clinicians.filter(({ id }) => !id.endsWith('nurse-3')),
  technicalHours: { from: '00:00', to: '23:59' },
  timings: { adult: { critical: { recheckSeconds: 300 } } },
};
const [device] = hospital.devices;
const stage = 'production';
const streamArn = `arn:aws:dynamodb:eu-west-2:111122223333:table/vigil-${stage}/stream/1`;
const colleague = 'ward-001-nurse-2';

/** Archive, report and watches have no part in an escalation: without them an hour passes in half the time. */
function escalationAlone(template: Template): void {
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    const isArchiver = Type === 'AWS::Lambda::EventSourceMapping' && !/[Ss]tream/.test(id);
    const isOther = Type === 'AWS::Scheduler::Schedule' && !Properties.Name.endsWith('-sweep-overdue');
    if (isArchiver || isOther) delete template.Resources[id];
  }
}

const isEscalation = ({ executionArn }: Pick<Execution, 'executionArn'>) =>
  executionArn.includes('-escalation:');

/** The properties of the escalation's state machine. */
export function escalationIn(template: Template): { DefinitionString: string } {
  const machine = Object.values(template.Resources).find(
    ({ Type, Properties }) =>
      Type === 'AWS::StepFunctions::StateMachine' && Properties.StateMachineName.endsWith('-escalation'),
  );
  if (!machine) throw new Error('The template has no escalation');
  return machine.Properties as { DefinitionString: string };
}

export type Walker = Awaited<ReturnType<typeof aWalker>>;

export async function aWalker(change: (template: Template) => void = () => {}) {
  let text = '';
  const vigil = await startVigil({
    stage,
    hospital,
    seed: 7,
    startAt: '2026-03-03T01:00:00.000Z',
    change: (template) => {
      escalationAlone(template);
      change(template);
      text = escalationIn(template).DefinitionString;
    },
  });
  const definition = parseDefinition(text.replace(/\$\{\w+\}/g, 'a-function'));
  const { clock } = vigil;
  const incidents = incidentsIn(vigil);
  const sfn = vigil.service<StepFunctionsService>('sfn');
  const table = vigil.service<DynamoDbService>('dynamodb');
  const { mailbox } = vigil.service<SnsService>('sns');
  const { received } = vigil.service<WebService>('web');
  /** The walk that is under way; a timer of an earlier one does nothing. */
  let walk = 0;
  let path: Path | undefined;
  let written: Written[] = [];
  let onWritten: (alert: Alert) => void = () => {};
  const claimed = new Set<string>();
  const isRunning = new Set<string>();
  /** Steps in which somebody was asked so far, and who answers in the present one. */
  let asked: { step: string; round: number; by: string }[] = [];

  const after = (ms: number, act: () => void) => {
    const own = walk;
    clock.after(ms, () => own === walk && act());
  };
  const put = (data: string) =>
    void vigil.call(operator, 'kinesis', 'PutRecord', {
      StreamName: vigil.outputs.StreamName,
      PartitionKey: device?.id,
      Data: Buffer.from(data),
    });
  const measure = (systolic: number, diastolic: number) =>
    put(
      JSON.stringify({
        deviceId: device?.id,
        patientId: device?.patientId,
        measuredAt: new Date(clock.now()).toISOString(),
        systolic,
        diastolic,
      }),
    );
  const opening = {
    critical: () => measure(188, 112),
    emergency: () => measure(232, 133),
    device: () => put(`{"deviceId": "${device?.id}", "systolic":`),
  };
  /** Twice, as an emergency needs. */
  const recover = () => {
    after(seconds(60), () => measure(120, 76));
    after(seconds(120), () => measure(122, 77));
  };

  sfn.onEvent(({ executionArn, status }, { type }) => {
    if (!executionArn.includes('-escalation:')) return;
    if (type === 'ExecutionStarted') isRunning.add(executionArn);
    if (status !== 'RUNNING') isRunning.delete(executionArn);
  });
  table.onStreamRecord(streamArn, ({ newImage }) => {
    if (newImage?.kind?.S === 'claim') {
      const { pk, status } = unmarshall(newImage);
      if (status === 'unfulfilled') claimed.add(pk);
      else claimed.delete(pk);
    }
    if (newImage?.kind?.S !== 'alert') return;
    const { alert } = StoredAlert.parse(unmarshall(newImage));
    written.push({ at: clock.now(), alert });
    onWritten(alert);
  });

  const present = () => written.at(-1)?.alert;

  /** In a step the first who has the mail answers; where it is declined, everybody does so. */
  const habits: Habits = ({ person }): Reaction => {
    const alert = present();
    if (!path || !alert) return 'ignore';
    const { number: round } = alert.round;
    const step = `${round} ${alert.step.escalationLevel} ${alert.step.attempt}`;
    if (asked.at(-1)?.step !== step) asked.push({ step, round, by: person.id });
    const { by } = asked.at(-1) ?? {};
    const inRound = asked.filter((one) => one.round === round).length;
    if (path.after === 'is handed over in vain' && round === 2 && inRound === 1) return 'ignore';
    const answer = (round === 1 ? path.answers[inRound - 1] : undefined) ?? 'accept';
    if (answer === 'ignore') return 'ignore';
    const [does, late] = answer.split(' ') as ['accept' | 'decline', 'late'?];
    if (does === 'accept' && by !== person.id) return 'ignore';
    return { does, afterSeconds: late ? 200 : 20 };
  };
  simulatePeople(vigil, hospital, habits);

  /** What whoever has the alert presses on the page behind their link. */
  async function press(action: string, fields: Record<string, string> = {}): Promise<void> {
    const standing = present()?.standing;
    const owner = hospital.clinicians.find(
      ({ id }) => standing?.is === 'owned' && id === standing.owner.clinicianId,
    );
    const mail = mailbox.findLast(({ to, text }) => to === owner?.email && /\/page\//.test(text));
    const link = /https?:\/\/[^\s/]+(\/page\/\S+)/.exec(mail?.text ?? '')?.[1];
    if (!owner || !link) return;
    const api = vigil.service<HttpApiService>('http-api');
    const send = (sent?: Record<string, string>) =>
      api.request({
        method: sent ? 'POST' : 'GET',
        path: link,
        sourceIp: `10.1.${walk >> 8}.${walk & 255}`,
        ...(sent && {
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams(sent).toString(),
        }),
      });
    const form = formsOf((await send()).body)[0]?.hidden;
    const { body } = await send({ ...form, clinician: owner.id, pin: owner.pin, action: 'show' });
    const button = formsOf(body).find(({ actions }) => actions.includes(action));
    await send({ ...button?.hidden, ...fields, action });
  }

  const then: Record<Path['after'], () => void> = {
    recovers: recover,
    'stays critical': () => after(seconds(60), () => measure(189, 112)),
    'is not measured': () => {},
    'gets worse': () => after(seconds(60), () => measure(240, 135)),
    'is closed by the owner': () =>
      after(seconds(60), () => void press('close', { reason: 'measuredByHand' })),
    'is given back': () => after(seconds(60), () => void press('give-back')),
    'is handed over': () => after(seconds(60), () => void press('hand-over', { colleague })),
    'is handed over in vain': () => after(seconds(60), () => void press('hand-over', { colleague })),
  };

  /** Mail for whoever is asked first has no turn for a while. */
  const holdTurns = () =>
    Promise.all(
      hospital.clinicians.map(({ id }) =>
        vigil.call(operator, 'dynamodb', 'UpdateItem', {
          TableName: `vigil-${stage}`,
          Key: { pk: { S: `TURN#vigil-${stage}-clinician-${id}` } },
          UpdateExpression: 'SET #routine = :until, #urgent = :until',
          ExpressionAttributeNames: { '#routine': 'routine', '#urgent': 'urgent' },
          ExpressionAttributeValues: { ':until': { N: String(clock.now() + seconds(25)) } },
        }),
      ),
    );

  const meanwhile: Record<Path['meanwhile'], () => void> = {
    nothing: () => {},
    'a further reading': () => after(seconds(15), () => measure(189, 112)),
    worse: () => after(seconds(15), () => measure(240, 135)),
    'mail is down': () => after(seconds(45), incidents.outage('sns:Publish clinician')),
    'mail goes down': () =>
      after(seconds(15), () => after(seconds(260), incidents.outage('sns:Publish clinician'))),
    'mail has to wait': () => void holdTurns(),
  };

  /** Somebody else writes the alert first: a further reading joins it, or opens it. */
  async function overtake(): Promise<void> {
    const count = written.length;
    if (path?.opens !== 'device') measure(189, 112);
    for (let waited = 0; waited < 8000 && written.length === count; waited += 50) await clock.sleep(50);
  }

  const isOver = () => present()?.standing.is === 'closed' && isRunning.size === 0 && claimed.size === 0;

  return {
    vigil,
    definition,
    async play(next: Path, planned: readonly Incident[] = []): Promise<Walked> {
      walk++;
      path = next;
      written = [];
      asked = [];
      claimed.clear();
      isRunning.clear();
      incidents.begin(planned, overtake);
      const before = {
        executions: sfn.executions().length,
        mails: mailbox.length,
        received: received.length,
      };
      const startedAt = clock.now();
      let accepted = 0;
      onWritten = ({ events, standing }) => {
        if (events.at(-1)?.type !== 'accepted' || standing.is !== 'owned') return;
        accepted++;
        if (accepted === 1) then[next.after]();
        else recover();
      };
      meanwhile[next.meanwhile]();
      opening[next.opens]();
      await clock.run(startedAt + longestMs, isOver);
      const walked = {
        path: next,
        incidents: planned,
        missed: incidents.missed(),
        visits: incidents.visits(),
        executions: sfn.executions().slice(before.executions).filter(isEscalation),
        written,
        mails: mailbox.slice(before.mails),
        toldOperationsAt: [
          ...mailbox.slice(before.mails).filter(({ to }) => to === localContext.operationsEmail),
          ...received.slice(before.received),
        ].map(({ at }) => at),
        startedAt,
        claimed: [...claimed],
        isOver: isOver(),
      };
      path = undefined;
      walk++;
      await clock.run(clock.now() + pauseMs);
      return walked;
    },
  };
}
