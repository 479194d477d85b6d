/** What an execution does next: a line of its functions, reading and writing apart. */
import { type Alert, operationsMail, operationsWebhook } from '../../../../handlers/alert/alert.ts';
import { isWorseThanAnnounced } from '../../../../handlers/alert/assess.ts';
import { toStandDown } from '../../../../handlers/alert/called.ts';
import { fulfilled, type UnfulfilledClaim } from '../../../../handlers/alert/claim.ts';
import type { AlertCommand } from '../../../../handlers/alert/decide.ts';
import { rolesOn } from '../../../../handlers/alert/escalation-levels.ts';
import { type Happened, type Request, recorded } from '../../../../handlers/alert/event.ts';
import { stepOf } from '../../../../handlers/alert/mails.ts';
import type { Responder } from '../../../../handlers/alert/responders.ts';
import { later } from '../../../../handlers/time/instant.ts';
import { doctor, lead, nurse } from '../builders.ts';
import { answered, called } from './pager.ts';
import type { Rules } from './rules.ts';
import { type Execution, unmailed, type World } from './world.ts';

export type Action = { name: string; next: World };

export const staff = [nurse, doctor, lead];
/** A turn that is worth coming back for. */
const TURN_AHEAD_SECONDS = 20;

export function respondersOf(alert: Alert): Responder[] {
  const { handedTo } = alert.round;
  if (handedTo !== null) return staff.filter(({ id }) => id === handedTo);
  const roles = rolesOn(alert.step.escalationLevel, alert.worst);
  return roles === 'everyone'
    ? staff
    : staff.filter(({ role }) => (roles as readonly string[]).includes(role));
}

/** The next line of an execution, in each way that it can go. */
export function linesOf(world: World, execution: Execution, index: number, rules: Rules): Action[] {
  const to = (changes: Partial<Execution>, more: Partial<World> = {}): World => ({
    ...world,
    ...more,
    executions: (more.executions ?? world.executions).map((it, at) =>
      at === index ? { ...it, ...changes } : it,
    ),
  });
  const named = (what: string) => `${execution.name}: ${what}`;
  const { alert, now } = world;
  switch (execution.at) {
    case 'open': {
      const claim = world.claims[execution.reading as number];
      if (!claim) return [];
      const happened = rules.decide(alert, { type: 'raise', claim, executionName: execution.name }, now);
      if ('refused' in happened) {
        const alertId = claim.status === 'fulfilled' ? claim.alertId : undefined;
        const mine = alert?.alertId === alertId && alert?.executionName === execution.name;
        return [
          {
            name: named(`finds its claim ${claim.status}`),
            next: to({ at: mine ? 'assess' : 'ended', alertId }),
          },
        ];
      }
      const opens = world.left.hasOperations && happened.type === 'raised';
      const begun = opens ? { ...happened, firstLevel: 'everyone' as const } : happened;
      const intent = { readSeq: alert?.seq ?? 0, at: now, happened: begun, command: undefined };
      const read = to({ at: 'write', intent });
      return world.left.isCoarse
        ? linesOf(read, read.executions[index] as Execution, index, rules)
        : [{ name: named('reads its claim and the alert'), next: read }];
    }
    case 'assess': {
      if (!alert) return [];
      const facts = { responders: respondersOf(alert), recent: world.recent };
      const asked = { executionName: execution.name, alertId: execution.alertId ?? '' };
      const seen = rules.assess(alert, asked, facts, now);
      const over = seen.next === 'Closed' || seen.next === 'Taken over';
      return [
        {
          name: named(`assesses: ${seen.next}`),
          next: to({ at: over ? 'ended' : 'act', seen, failed: undefined }),
        },
      ];
    }
    case 'act': {
      const { seen, failed } = execution;
      if (!alert || !seen) return [];
      if (seen.next === 'Tell who need not come') return tellings(world, execution, rules, to, named);
      const command = commandOf(execution, world);
      const decided = rules.decide(alert, { ...command, alertId: execution.alertId ?? '' }, now);
      if ('refused' in decided) {
        const nobody = decided.refused === 'nobodyToPage';
        return [
          {
            name: named(`is refused: ${decided.refused}`),
            next: to(nobody ? { failed: 'nobodyReached' } : { at: 'assess' }),
          },
        ];
      }
      const token = `${execution.name}-${alert.seq}`;
      const intent = { readSeq: alert.seq, at: now, happened: decided, command };
      const read = to({ at: 'write', intent, token, failed: undefined });
      return world.left.isCoarse
        ? linesOf(read, read.executions[index] as Execution, index, rules)
        : [{ name: named(`decides ${decided.type}${failed ? ` as ${failed}` : ''}`), next: read }];
    }
    case 'write':
      return writes(world, execution, rules, to, named);
    case 'mails':
      return mails(world, execution, rules, to, named);
    case 'waiting': {
      if (now >= (execution.seen?.deadline ?? ''))
        return [{ name: named('times out'), next: to({ at: 'assess' }) }];
      if (!world.wakes.includes(execution.token)) return [];
      const wakes = world.wakes.filter((token) => token !== execution.token);
      return [{ name: named('wakes'), next: to({ at: 'assess' }, { wakes }) }];
    }
    case 'ended':
      return [];
  }
}

function commandOf({ seen, failed, name }: Execution, world: World): AlertCommand {
  if (!seen) throw new Error('Nobody acts before having assessed');
  const stood = { ...seen, executionName: name };
  if (failed) return { type: 'moveOn', seen: stood, because: failed };
  switch (seen.next) {
    case 'Move to the next step':
      return { type: 'moveOn', seen: stood, because: seen.because };
    case 'Wait for the recheck':
    case 'Pause before calling again':
      return { type: 'wait', seen: stood };
    case 'Begin a new round':
      return { type: 'beginRound', seen: stood, asking: seen.asking };
    case 'Close alert':
      return { type: 'closeRecovered', seen: stood, recent: world.recent };
    default:
      return {
        type: 'ask',
        seen: stood,
        responders: world.alert ? respondersOf(world.alert) : [],
        sighting: undefined,
        newPageIds: staff.map(({ id }) => `page-${world.alert?.seq}-${id}`),
      };
  }
}

/** The mails to those who need not come: published and recorded, published only, or giving way to others. */
function tellings(
  world: World,
  execution: Execution,
  rules: Rules,
  to: To,
  named: (what: string) => string,
): Action[] {
  const { alert, now, left } = world;
  const { alertId = '' } = execution;
  const isMine = alert?.alertId === alertId && alert.executionName === execution.name;
  const whom = alert && isMine ? toStandDown(alert, now) : [];
  if (!alert || whom.length === 0) return [{ name: named('has nobody to tell'), next: to({ at: 'assess' }) }];
  const records = (base: World, told: readonly string[], notBefore: string | null): World => {
    const command = { type: 'recordStandDown', whom: told, notBefore, alertId } as const;
    const decided = rules.decide(alert, command, now);
    return 'refused' in decided ? base : happen(base, decided, rules);
  };
  const pager = whom.includes(operationsWebhook) ? answered(world.pager, alert) : world.pager;
  const told = { ...world, told: [...world.told, ...whom], pager };
  const list = whom.join(', ');
  const done: Action[] = [
    { name: named(`tells ${list}`), next: to({ at: 'assess' }, records(told, whom, null)) },
  ];
  if (left.deaths > 0) {
    const dead = { ...told, toldInVain: world.toldInVain + 1, faults: world.faults + 1 };
    const next = to({}, { ...dead, left: { ...left, deaths: left.deaths - 1 } });
    done.push({ name: named(`tells ${list}, and dies`), next });
  }
  if (left.delays > 0) {
    const spent = { ...world, left: { ...left, delays: left.delays - 1 } };
    const later30 = later(now, 30);
    done.push({ name: named('gives way'), next: to({ at: 'assess' }, records(spent, [], later30)) });
  }
  return done;
}

type To = (changes: Partial<Execution>, more?: Partial<World>) => World;

/** The write of what was decided, if nobody else has written since; else it is decided anew. */
function writes(
  world: World,
  execution: Execution,
  rules: Rules,
  to: To,
  named: (what: string) => string,
): Action[] {
  const { intent, reading } = execution;
  if (!intent) return [];
  const { happened } = intent;
  const again = happened.type === 'raised' || happened.type === 'joined' ? 'open' : 'act';
  const claim = reading === undefined ? undefined : world.claims[reading];
  const claimed = again === 'act' || (claim !== undefined && rules.isClaimable(claim.status));
  if (!rules.isFenced(world.alert, intent.readSeq) || !claimed)
    return [{ name: named('lost the race'), next: to({ at: again, intent: undefined }) }];
  const waits = happened.type === 'asking' || happened.type === 'waiting';
  const wrote = happen(world, happened, rules, waits ? execution.token : undefined, intent.at);
  const { alert } = wrote;
  if (!alert) return [];
  if (again === 'open') {
    const part = fulfilled(claim as UnfulfilledClaim, alert.alertId);
    const carries = alert.executionName === execution.name;
    const claims = wrote.claims.map((it, at) => (at === reading ? part : it));
    const taken = wrote.taken.map((times, at) => (at === reading ? times + 1 : times));
    const done = {
      at: carries ? ('assess' as const) : ('ended' as const),
      alertId: alert.alertId,
      intent: undefined,
    };
    const isWithdrawn = reading !== undefined && world.withdrawn.includes(reading);
    const takingBack = isWithdrawn ? [...new Set([...world.takingBack, reading])] : world.takingBack;
    const next = to(done, { ...wrote, claims, taken, takingBack });
    return [{ name: named(`writes ${happened.type}`), next }];
  }
  const pages = execution.seen?.next.startsWith('Page ') && waits;
  const at = pages ? 'mails' : waits ? 'waiting' : 'assess';
  const done = { name: named(`writes ${happened.type}`), next: to({ at, intent: undefined }, wrote) };
  if (world.left.deaths === 0) return [done];
  // The state is tried again, with another token.
  const left = { ...world.left, deaths: world.left.deaths - 1 };
  const dead = to({ at: 'act', intent: undefined }, { ...wrote, left, faults: world.faults + 1 });
  return [done, { name: named(`writes ${happened.type}, and dies`), next: dead }];
}

const isToBeTold = ({ step }: Alert) =>
  step.escalationLevel === 'everyone' && !step.mailed.includes(operationsWebhook);

/** The operations are told by mail and webhook, and that is written down, or not. */
function calls(
  world: World,
  alert: Alert,
  alertId: string,
  rules: Rules,
  to: To,
  named: (what: string) => string,
): Action[] {
  const { now, left } = world;
  const step = stepOf(alert);
  const mail = { step: `${alertId}/${step.id}`, whom: operationsMail, level: alert.worst };
  const told = { ...world, ...called(world, rules.incidentToTell(alert)), mails: [...world.mails, mail] };
  const command = { type: 'recordOperationsTold', step, by: ['mail', 'webhook'], alertId } as const;
  const decided = rules.decide(alert, command, now);
  const recorded = 'refused' in decided ? told : happen(told, decided, rules);
  const done: Action[] = [{ name: named('calls the operations'), next: to({}, recorded) }];
  if (left.deaths === 0) return done;
  const dead = { ...told, left: { ...left, deaths: left.deaths - 1 }, faults: world.faults + 1 };
  return [...done, { name: named('calls the operations, and dies'), next: to({ at: 'act' }, dead) }];
}

/** The mails of the step: published, refused by SNS, or to wait for their turn. */
function mails(
  world: World,
  execution: Execution,
  rules: Rules,
  to: To,
  named: (what: string) => string,
): Action[] {
  const { alert, now } = world;
  if (!alert) return [];
  const { alertId = '' } = execution;
  const step = stepOf(alert);
  if (world.left.hasOperations && alert.alertId === alertId && isToBeTold(alert))
    return calls(world, alert, alertId, rules, to, named);
  const requests = unmailed(alert);
  if (requests.length === 0) return [{ name: named('has nobody left to mail'), next: to({ at: 'waiting' }) }];
  const seen = { ...execution.seen, executionName: execution.name } as never;
  const told = (whom: readonly Request[]): Partial<World> => ({
    mails: [
      ...world.mails,
      ...whom.map(({ clinicianId }) => ({
        step: `${alertId}/${step.id}`,
        whom: clinicianId,
        level: alert.worst,
      })),
    ],
  });
  const after = (base: World, command: AlertCommand): World => {
    if (!base.alert) return base;
    const decided = rules.decide(base.alert, { ...command, alertId }, now);
    return 'refused' in decided ? base : happen(base, decided, rules);
  };
  const published = after(
    { ...world, ...told(requests) },
    { type: 'recordMails', step, published: requests, turns: {} },
  );
  const done: Action[] = [{ name: named('mails are published'), next: to({ at: 'waiting' }, published) }];
  if (world.left.deaths > 0) {
    const left = { ...world.left, deaths: world.left.deaths - 1 };
    const dead = to({ at: 'act' }, { ...told(requests), left, faults: world.faults + 1 });
    done.push({ name: named('mails are published, and it dies'), next: dead });
  }
  if (world.left.mailTroubles === 0) return done;
  const left = { ...world.left, mailTroubles: world.left.mailTroubles - 1 };
  const failed = (whom: readonly Request[], nobodyReached: boolean): AlertCommand => ({
    type: 'recordUndeliverable',
    seen,
    failed: whom.map((request) => ({ ...request, reason: 'NotFound' })),
    nobodyReached,
  });
  const none = after({ ...world, left }, failed(requests, true));
  done.push({ name: named('no mail can be sent'), next: to({ at: 'act', failed: 'nobodyReached' }, none) });
  if (requests.length > 1) {
    const one = after({ ...world, left }, failed(requests.slice(0, 1), false));
    done.push({ name: named('one mail cannot be sent'), next: to({}, one) });
  }
  const turns = Object.fromEntries(
    requests.map(({ clinicianId }) => [clinicianId, later(now, TURN_AHEAD_SECONDS)]),
  );
  const deferred = after({ ...world, left }, { type: 'recordMails', step, published: [], turns });
  done.push({
    name: named('mails have to wait'),
    next: to({ at: 'assess' }, deferred),
  });
  return done;
}

/** The alert after an event, and who is woken by it. */
export function happen(
  world: World,
  happened: Happened,
  rules: Rules,
  token?: string,
  at = world.now,
): World {
  const seq = (world.alert?.seq ?? 0) + 1;
  const event = recorded(happened, { seq, at, writeId: `w${seq}` });
  const alert = rules.evolve(world.alert, event);
  const before = event.type === 'raised' ? null : world.token;
  const wakes =
    rules.wakes(event, alert) && before !== null ? [...new Set([...world.wakes, before])] : world.wakes;
  const isNews = event.type === 'joined' && event.news !== null;
  const isTold = !isWorseThanAnnounced(alert) || alert.standing.is === 'closed';
  const newsSince = isTold ? undefined : (world.newsSince ?? (isNews ? world.now : undefined));
  return { ...world, alert, token: token ?? before, wakes, newsSince, answered: undefined };
}
