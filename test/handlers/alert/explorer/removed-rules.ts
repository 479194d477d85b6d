/** Each rule taken out: by what it is there for, and which scenario notices. Most go by being shown what they ask for. */

import {
  type Alert,
  isOwned,
  type OwnedAlert,
  operationsWebhook,
  type Standing,
} from '../../../../handlers/alert/alert.ts';
import { assess } from '../../../../handlers/alert/assess.ts';
import type { Claim } from '../../../../handlers/alert/claim.ts';
import { type Command, decide } from '../../../../handlers/alert/decide.ts';
import type { Decision } from '../../../../handlers/alert/decision.ts';
import type { AlertEvent, Happened } from '../../../../handlers/alert/event.ts';
import { evolve } from '../../../../handlers/alert/evolve.ts';
import { incidentToTell } from '../../../../handlers/alert/incidents.ts';
import { raiseAgain } from '../../../../handlers/alert/sweep.ts';
import { wakes } from '../../../../handlers/alert/wakes.ts';
import { furthest } from '../../../../handlers/clinical/danger.ts';
import { later } from '../../../../handlers/time/instant.ts';
import type { Rules } from './rules.ts';
import type { Scenario } from './scenarios.ts';

type Lie = (alert: Alert, command: Command) => { alert?: Alert; command?: Command };

const dangerOf = ({ standsOn }: Alert) => furthest(standsOn.map(({ danger }) => danger));

/** `decide` is shown something else. */
const shown = (lie: Lie): Partial<Rules> => ({
  decide: (alert, command, at) => {
    const told = { alert, command, ...(alert && lie(alert, command)) };
    return decide(told.alert, told.command, at);
  },
});
/** What `decide` decides is changed. */
const decided = (change: (happened: Happened, alert: Alert, at: string) => Happened): Partial<Rules> => ({
  decide: (alert, command, at): Decision => {
    const decision = decide(alert, command, at);
    return 'refused' in decision || !alert ? decision : change(decision, alert, at);
  },
});
/** What is decided of a reading that joins is changed. */
const joined = (
  change: (happened: Happened & { type: 'joined' }, alert: Alert) => Happened,
): Partial<Rules> =>
  decided((happened, alert) => (happened.type === 'joined' ? change(happened, alert) : happened));
/** What `evolve` makes of an event is changed. */
const evolved = (change: (next: Alert, event: AlertEvent, alert: Alert) => Alert): Partial<Rules> => ({
  evolve: (alert, event) => {
    const next = evolve(alert, event);
    return alert ? change(next, event, alert) : next;
  },
});

const inAnHour = (at: string) => later(at, 3600);
const deadlineOf = ({ standing }: Alert) => ('deadline' in standing ? standing.deadline : '');
const longAgo = '2000-01-01T00:00:00.000Z';
const attendedLongAgo = (alert: Alert): Alert =>
  isOwned(alert)
    ? {
        ...alert,
        alarmedAt: longAgo,
        standing: { ...alert.standing, owner: { ...alert.standing.owner, attendedAt: longAgo } },
      }
    : alert;
/** As if the present round had no owner. */
const unowned = (alert: Alert): Alert => {
  if (!isOwned(alert)) return alert;
  const { deadline, dueAt, owner } = alert.standing;
  return { ...alert, standing: { is: 'waiting', deadline, dueAt, formerOwner: owner } };
};

const ownedBy = (alert: OwnedAlert, clinicianId: string): Alert => ({
  ...alert,
  standing: { ...alert.standing, owner: { ...alert.standing.owner, clinicianId } },
});

const unfulfilled = (claim: Claim): Claim => ({
  dueOn: 'claim',
  dueAt: longAgo,
  ...claim,
  status: 'unfulfilled',
});

export const removedRules: Record<string, { in: Scenario; without: Partial<Rules> }> = {
  'a write is fenced by seq': { in: 'faults', without: { isFenced: () => true } },
  'a claim is fulfilled once': {
    in: 'faults',
    without: {
      isClaimable: () => true,
      decide: (alert, command, at) =>
        decide(
          alert,
          command.type === 'raise' ? { ...command, claim: unfulfilled(command.claim) } : command,
          at,
        ),
    },
  },
  'only the execution that carries the alert moves it': {
    in: 'faults',
    without: shown((alert, command) =>
      'seen' in command ? { alert: { ...alert, executionName: command.seen.executionName } } : {},
    ),
  },
  'a move is made from where the alert was seen': {
    in: 'mails',
    without: shown(({ step }, command) => {
      if (!('seen' in command)) return {};
      const { escalationLevel, attempt } = step;
      return { command: { ...command, seen: { ...command.seen, escalationLevel, attempt } } as Command };
    }),
  },
  'a round has one owner': {
    in: 'faults',
    without: shown((alert, { type }) => (type === 'accept' ? { alert: unowned(alert) } : {})),
  },
  'a link of an earlier round does not accept': {
    in: 'again',
    without: shown(({ round }, command) =>
      command.type === 'accept' ? { command: { ...command, round: round.number } } : {},
    ),
  },
  'nobody accepts what they have not read': {
    in: 'worsening',
    without: shown(({ worst }, command) =>
      command.type === 'accept' ? { command: { ...command, shownLevel: worst } } : {},
    ),
  },
  'nobody closes what they have not read': {
    in: 'worsening',
    without: shown(({ worst }, command) =>
      command.type === 'close' ? { command: { ...command, shownLevel: worst } } : {},
    ),
  },
  'worse news forbids to wait for the recheck': {
    in: 'answered',
    without: shown((alert, { type }) =>
      type === 'wait' ? { alert: { ...alert, announced: alert.worst } } : {},
    ),
  },
  'worse news forbids to close': {
    in: 'recovered',
    without: shown((alert, { type }) =>
      type === 'closeRecovered' ? { alert: { ...alert, announced: alert.worst } } : {},
    ),
  },
  'a page is made for what was seen': {
    in: 'worsening',
    without: shown((alert, command) =>
      command.type === 'ask' ? { alert: { ...alert, worst: command.seen.level } } : {},
    ),
  },
  'only good readings since somebody came show recovery': {
    in: 'recovered',
    without: {
      ...shown((alert, { type }) => (type === 'closeRecovered' ? { alert: attendedLongAgo(alert) } : {})),
      assess: (alert, asked, facts, now) => assess(attendedLongAgo(alert), asked, facts, now),
    },
  },
  'worse news makes the sweeper look within a minute': {
    in: 'worsening',
    without: joined((happened, alert) => ({ ...happened, dueAt: inAnHour(deadlineOf(alert)) })),
  },
  'whoever finds an alert stuck takes it over': {
    in: 'worsening',
    without: joined((happened) => ({ ...happened, takenOverBy: null })),
  },
  'worse news leaves no more time than its level grants': {
    in: 'worsening',
    without: joined((happened, alert) => ({ ...happened, deadline: deadlineOf(alert) })),
  },
  'an open alert is due after its wait': {
    in: 'faults',
    without: decided((happened, _alert, at) =>
      'dueAt' in happened ? { ...happened, dueAt: inAnHour(at) } : happened,
    ),
  },
  'a wait that begins again does not last longer': {
    in: 'faults',
    without: decided((happened, _alert, at) =>
      happened.type === 'waiting' || happened.type === 'asking'
        ? { ...happened, deadline: inAnHour(at), dueAt: inAnHour(inAnHour(at)) }
        : happened,
    ),
  },
  'a failure moves on at once': {
    in: 'mails',
    without: decided((happened, { step }) =>
      happened.type === 'escalated' && happened.because !== 'timeIsUp'
        ? { ...happened, type: 'timedOut', escalationLevel: step.escalationLevel, attempt: step.attempt + 1 }
        : happened,
    ),
  },
  'a new round keeps the owner responsible': {
    in: 'again',
    without: evolved((next, { type }) =>
      ['interrupted', 'rechecked', 'handedOver', 'givenBack'].includes(type)
        ? { ...next, standing: { ...next.standing, formerOwner: null } as Standing }
        : next,
    ),
  },
  'only who has it gives it up': {
    in: 'givenUp',
    without: shown((alert, command) =>
      isOwned(alert) && (command.type === 'handOver' || command.type === 'giveBack')
        ? { alert: ownedBy(alert, command.clinicianId) }
        : {},
    ),
  },
  'a link of an earlier round gives nothing up': {
    in: 'givenUp',
    without: shown(({ round }, command) =>
      command.type === 'handOver' || command.type === 'giveBack'
        ? { command: { ...command, round: round.number } }
        : {},
    ),
  },
  'who gives it up stays responsible until somebody else has it': {
    in: 'givenUp',
    without: evolved((next, { type }) =>
      type === 'handedOver' || type === 'givenBack'
        ? { ...next, standing: { ...next.standing, formerOwner: null } as Standing }
        : next,
    ),
  },
  'who gave it back is not asked with the next level': {
    in: 'givenUp',
    without: decided((happened, { step }) =>
      happened.type === 'givenBack' ? { ...happened, escalationLevel: step.escalationLevel } : happened,
    ),
  },
  'who has it is not told to stay away': {
    in: 'stoodDown',
    without: evolved((next, { type }, { called }) => (type === 'accepted' ? { ...next, called } : next)),
  },
  'who knows is not told again': {
    in: 'stoodDown',
    without: evolved((next, { type }, { called }) => (type === 'stoodDown' ? { ...next, called } : next)),
  },
  'what is over stays due until all know': {
    in: 'stoodDown',
    without: evolved((next, { type }) =>
      type === 'closed' ? { ...next, standing: { ...next.standing, dueAt: null } as Standing } : next,
    ),
  },
  'what is too late to tell is let go': {
    in: 'letGo',
    without: {
      decide: (alert, command, at) => {
        const decision = decide(alert, command, at);
        const isGone = !('refused' in decision) && decision.type === 'stoodDown' && command.type === 'resume';
        return isGone ? { refused: 'closed' } : decision;
      },
    },
  },
  'each call of the operations is an incident of its own': {
    in: 'called',
    without: { incidentToTell: ({ reference }) => `VG ${reference}` },
  },
  'an incident ends with an answer, whether or not it was written down that the pager heard of it': {
    in: 'calledAgain',
    without: {
      incidentToTell: (alert) =>
        alert.called.whom.includes(operationsWebhook) ? `VG ${alert.reference}` : incidentToTell(alert),
    },
  },
  'the next alert resolves what the one before has left': {
    in: 'alarmsAgain',
    without: decided((happened) => {
      if (happened.type !== 'raised') return happened;
      const { formerIncidents: _left, ...raised } = happened;
      return raised;
    }),
  },
  'an acceptance announces what was read': {
    in: 'worsening',
    without: evolved((next, { type }, { announced }) =>
      type === 'accepted' ? { ...next, announced } : next,
    ),
  },
  'a claim that nobody took is raised again': { in: 'worsening', without: { raiseAgain: () => undefined } },
  'an alert that is stuck is raised again': {
    in: 'faults',
    without: {
      decide: (alert, command, at) =>
        command.type === 'resume' ? { refused: 'notStuck' } : decide(alert, command, at),
    },
  },
  'an answer, and news, wake whoever waits': { in: 'faults', without: { wakes: () => false } },
  'clearly worse of the same level is news': {
    in: 'further',
    without: joined((happened, { worst }) =>
      happened.level === worst ? { ...happened, news: null } : happened,
    ),
  },
  'what is still to be announced forbids to close': {
    in: 'further',
    without: {
      ...shown((alert) => ({ alert: { ...alert, announcedDanger: dangerOf(alert) } })),
      assess: (alert, asked, facts, now) =>
        assess({ ...alert, announcedDanger: dangerOf(alert) }, asked, facts, now),
    },
  },
  'an owner hears that the reading is withdrawn': {
    in: 'withdrawn',
    without: { wakes: (event, after) => event.type !== 'withdrawn' && wakes(event, after) },
  },
  'what alarms anew is not withdrawn': {
    in: 'withdrawn',
    without: evolved((next, { type }, { withdrawal }) =>
      type === 'joined' ? { ...next, withdrawal } : next,
    ),
  },
  'only what a newer reading has overtaken is set aside': {
    in: 'heldBack',
    without: { timelinessOf: () => 'overtaken' },
  },
  'what was set aside is not raised again': {
    in: 'heldBack',
    without: { raiseAgain: (claim, stuck, now) => raiseAgain(unfulfilled(claim), stuck, now) },
  },
};
