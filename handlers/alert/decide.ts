/** What becomes of a command: an event, or why there is none. Pure and total. */
import type { Alert, OpenAlert } from './alert.ts';
import { isOpen } from './alert.ts';
import { type Accept, accept, type Close, close, type Decline, decline } from './answer.ts';
import { type Ask, ask } from './ask.ts';
import type { Decision } from './decision.ts';
import { type GiveBack, giveBack, type HandOver, handOverTo } from './give-up.ts';
import {
  type RecordMails,
  type RecordOperationsTold,
  type RecordUndeliverable,
  recordMails,
  recordOperationsTold,
  recordUndeliverable,
} from './mails.ts';
import {
  type BeginRound,
  beginRound,
  type CloseRecovered,
  closeRecovered,
  type MoveOn,
  moveOn,
  type Wait,
  wait,
  waitToStandDown,
} from './move.ts';
import { type Raise, raise } from './raise.ts';
import { type Resume, resume } from './resume.ts';
import { type RaiseUnreadable, raiseUnreadable } from './set-aside.ts';
import { type RecordStandDown, recordStandDown } from './stand-down.ts';
import { type Withdraw, withdraw } from './withdraw.ts';

/** What can be asked of an alert that is there. */
export type AlertCommand =
  | Ask
  | RecordMails
  | RecordOperationsTold
  | RecordUndeliverable
  | RecordStandDown
  | Accept
  | Decline
  | Close
  | HandOver
  | GiveBack
  | MoveOn
  | Wait
  | BeginRound
  | CloseRecovered
  | Resume
  | Withdraw;

/** `alertId`: the alert that it is about; what raises is about whichever the patient has. */
export type Command = Raise | RaiseUnreadable | (AlertCommand & { alertId: string });

/** Decides a command at an instant (ISO 8601 UTC). `alert` is the patient's item: open, closed or none. */
export function decide(alert: Alert | undefined, command: Command, at: string): Decision {
  switch (command.type) {
    case 'raise':
      return raise(alert, command, at);
    case 'raiseUnreadable':
      return raiseUnreadable(alert, command, at);
    default:
      if (alert?.alertId !== command.alertId) return { refused: 'closed' };
      return isOpen(alert) ? decideOpen(alert, command, at) : decideClosed(alert, command, at);
  }
}

function decideOpen(alert: OpenAlert, command: AlertCommand, at: string): Decision {
  switch (command.type) {
    case 'ask':
      return ask(alert, command);
    case 'recordMails':
      return recordMails(alert, command, at);
    case 'recordOperationsTold':
      return recordOperationsTold(alert, command, at);
    case 'recordUndeliverable':
      return recordUndeliverable(alert, command, at);
    case 'accept':
      return accept(alert, command, at);
    case 'decline':
      return decline(alert, command, at);
    case 'close':
      return close(alert, command);
    case 'handOver':
      return handOverTo(alert, command, at);
    case 'giveBack':
      return giveBack(alert, command, at);
    case 'recordStandDown':
      return recordStandDown(command, at);
    case 'moveOn':
      return moveOn(alert, command, at);
    case 'wait':
      return wait(alert, command, at);
    case 'beginRound':
      return beginRound(alert, command, at);
    case 'closeRecovered':
      return closeRecovered(alert, command, at);
    case 'resume':
      return resume(alert, command, at);
    case 'withdraw':
      return withdraw(alert, command);
  }
}

/** What is over changes no more, but whoever was called is on record, and hears of it. */
function decideClosed(alert: Alert, command: AlertCommand, at: string): Decision {
  switch (command.type) {
    case 'recordMails':
      return command.published.length > 0 ? recordMails(alert, command, at) : { refused: 'closed' };
    case 'recordOperationsTold':
      return recordOperationsTold(alert, command, at);
    case 'recordStandDown':
      return recordStandDown(command, at);
    case 'wait':
      return waitToStandDown(alert, command, at);
    case 'resume':
      return resume(alert, command, at);
    default:
      return { refused: 'closed' };
  }
}
