/** One account in which alert after alert goes its way, and what becomes of each. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { StoredAlert } from '../../../handlers/aws/dynamodb/alert-store.ts';
import type { Template } from '../../../infra/local/account/template.ts';
import { localContext, startVigil, type Vigil } from '../../../infra/local/account/vigil.ts';
import type { DynamoDbService } from '../../../infra/local/services/dynamodb/service.ts';
import type { DeliveredMail, SnsService } from '../../../infra/local/services/sns/service.ts';
import { parseDefinition } from '../../../infra/local/services/step-functions/parse-definition.ts';
import type {
  Execution,
  StepFunctionsService,
} from '../../../infra/local/services/step-functions/service.ts';
import type { WebService } from '../../../infra/local/services/web.ts';
import { type Incident, incidentsIn, type Visit } from './incidents.ts';
import type { Path } from './paths.ts';
import { hospital, type Present, stage, surroundings } from './surroundings.ts';

export type Written = { at: number; alert: Alert };
/** What became of one walk. */
export type Walked = {
  path: Path;
  incidents: readonly Incident[];
  /** Those that did not come to pass. */
  missed: readonly Incident[];
  visits: readonly Visit[];
  executions: readonly Execution[];
  /** Each write of an alert, in order. */
  written: readonly Written[];
  mails: readonly DeliveredMail[];
  /** When the operations were told anything, by whichever channel. */
  toldOperationsAt: readonly number[];
  startedAt: number;
  /** How many readings are promised to be raised, and are not. */
  claimed: number;
  isOver: boolean;
};

/** Longer than any path takes, with what may go wrong on it. */
const longestMs = 150 * 60_000;
/** What the functions remember (a roster, a subscription) is forgotten before the next walk: each meets the same calls. */
const pauseMs = 65_000;
/** The sweeper has just been there: what is stuck waits longest for it, whichever walk came before. */
const afterTheSweep = (at: number) => Math.ceil(at / 60_000) * 60_000 + 2000;
/** How long a write may be held up until another one has come first. */
const overtakenWithinMs = 8000;

/** Archive, report and watches have no part in an escalation: without them an hour passes in half the time. */
function escalationAlone(template: Template): void {
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type === 'AWS::KinesisFirehose::DeliveryStream')
      Properties.ExtendedS3DestinationConfiguration.BufferingHints.IntervalInSeconds = 900;
    const isOfTable = JSON.stringify(Properties?.EventSourceArn ?? '').includes('StreamArn');
    const isOther = Type === 'AWS::Scheduler::Schedule' && !Properties.Name.endsWith('-sweep-overdue');
    if (isOfTable || isOther) delete template.Resources[id];
  }
}

/** The properties of the escalation's state machine. */
export function escalationIn(template: Template): { DefinitionString: string } {
  const machine = Object.values(template.Resources).find(
    ({ Type, Properties }) =>
      Type === 'AWS::StepFunctions::StateMachine' && Properties.StateMachineName.endsWith('-escalation'),
  );
  if (!machine) throw new Error('The template has no escalation');
  return machine.Properties as { DefinitionString: string };
}

const isEscalation = ({ executionArn }: Execution) => executionArn.includes('-escalation:');

/** What is written and runs, of all walks. */
function observed(vigil: Vigil, onAlert: (alert: Alert) => void) {
  /** Claims of readings that are not raised yet, and executions that have not ended. */
  const claimed = new Set<string>();
  const running = new Set<Execution>();
  vigil.service<StepFunctionsService>('sfn').onEvent((execution) => {
    if (!isEscalation(execution)) return;
    if (execution.status === 'RUNNING') running.add(execution);
    else running.delete(execution);
  });
  const streamArn = `arn:aws:dynamodb:eu-west-2:111122223333:table/vigil-${stage}/stream/1`;
  vigil.service<DynamoDbService>('dynamodb').onStreamRecord(streamArn, ({ newImage }) => {
    const kind = newImage?.kind?.S;
    if (!newImage || (kind !== 'claim' && kind !== 'alert')) return;
    const item = unmarshall(newImage);
    if (kind === 'alert') onAlert(StoredAlert.parse(item).alert);
    else if (item.status === 'unfulfilled') claimed.add(item.pk);
    else claimed.delete(item.pk);
  });
  return { claimed, running };
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
  const { clock } = vigil;
  let present: Present | undefined;
  let written: Written[] = [];
  const incidents = incidentsIn(vigil);
  const around = surroundings(vigil, {
    present: () => present,
    after(seconds, act) {
      const own = present;
      clock.after(seconds * 1000, () => own === present && act());
    },
    outage: incidents.outage,
  });
  const { claimed, running } = observed(vigil, (alert) => {
    written.push({ at: clock.now(), alert });
    if (!present) return;
    present.alert = alert;
    const isAcceptance = (one: Written) => one.alert.events.at(-1)?.type === 'accepted';
    if (alert.events.at(-1)?.type === 'accepted')
      around.accepted(present.path, written.filter(isAcceptance).length);
  });
  const isOver = () => present?.alert?.standing.is === 'closed' && running.size === 0 && claimed.size === 0;

  async function overtake(): Promise<void> {
    const count = written.length;
    if (present) around.measuresAgain(present.path);
    const until = clock.now() + overtakenWithinMs;
    while (clock.now() < until && written.length === count) await clock.sleep(50);
  }

  const sfn = vigil.service<StepFunctionsService>('sfn');
  const { mailbox } = vigil.service<SnsService>('sns');
  const { received } = vigil.service<WebService>('web');

  return {
    vigil,
    definition: parseDefinition(text.replace(/\$\{\w+\}/g, 'a-function')),
    /** Lets an alert go this way to its end, while that goes wrong. */
    async play(path: Path, planned: readonly Incident[] = []): Promise<Walked> {
      await clock.run(afterTheSweep(clock.now() + pauseMs));
      present = { path, alert: undefined, asked: [] };
      written = [];
      claimed.clear();
      running.clear();
      incidents.begin(planned, overtake);
      const startedAt = clock.now();
      const [executions, mails, calls] = [sfn.executions().length, mailbox.length, received.length];
      around.begin(path);
      await clock.run(startedAt + longestMs, isOver);
      const told = mailbox.slice(mails).filter(({ to }) => to === localContext.operationsEmail);
      const walked = {
        path,
        incidents: planned,
        missed: incidents.missed(),
        visits: incidents.visits(),
        executions: sfn.executions().slice(executions).filter(isEscalation),
        written,
        mails: mailbox.slice(mails),
        toldOperationsAt: [...told, ...received.slice(calls)].map(({ at }) => at),
        startedAt,
        claimed: claimed.size,
        isOver: isOver(),
      };
      present = undefined;
      return walked;
    },
  };
}
