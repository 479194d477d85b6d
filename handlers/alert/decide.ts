/** What becomes of a command to an alert: an event, or why there is none. Pure and total. */
import type { Alert, OpenAlert } from './alert.ts';
import { isOpen } from './alert.ts';
import { type Accept, accept, type Close, close, type Decline, decline } from './answer.ts';
import { type Ask, ask } from './ask.ts';
import type { Decision } from './decision.ts';
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
} from './move.ts';
import { type Resume, resume } from './resume.ts';

/** What can be asked of an alert that is there. */
export type Command =
  | Ask
  | RecordMails
  | RecordOperationsTold
  | RecordUndeliverable
  | Accept
  | Decline
  | Close
  | MoveOn
  | Wait
  | BeginRound
  | CloseRecovered
  | Resume;

/** Decides a command to the alert `alertId` at an instant (ISO 8601 UTC). `alert` is the patient's item, whichever alert that is. */
export function decide(alert: Alert, alertId: string, command: Command, at: string): Decision {
  if (alert.alertId !== alertId || !isOpen(alert)) return { refused: 'closed' };
  return decideOpen(alert, command, at);
}

function decideOpen(alert: OpenAlert, command: Command, at: string): Decision {
  switch (command.type) {
    case 'ask':
      return ask(alert, command);
    case 'recordMails':
      return recordMails(alert, command, at);
    case 'recordOperationsTold':
      return recordOperationsTold(alert, command);
    case 'recordUndeliverable':
      return recordUndeliverable(alert, command, at);
    case 'accept':
      return accept(alert, command, at);
    case 'decline':
      return decline(alert, command, at);
    case 'close':
      return close(alert, command);
    case 'moveOn':
      return moveOn(alert, command, at);
    case 'wait':
      return wait(alert, command);
    case 'beginRound':
      return beginRound(alert, command, at);
    case 'closeRecovered':
      return closeRecovered(alert, command);
    case 'resume':
      return resume(alert, command, at);
  }
}
