/** Which mails and executions belong together, by the account's own records: the alert behind a link, and what was published. */
import type { DynamoDbService } from '../../services/dynamodb/service.ts';
import type { DeliveredMail, SnsService } from '../../services/sns/service.ts';
import type { Execution, StepFunctionsService } from '../../services/step-functions/service.ts';
import type { Watched } from './watched.ts';

export type Numbered = { mail: DeliveredMail; index: number };

/** The mails that people act on, the newest first; confirmations of subscriptions were answered before the demo began. */
export function mailsOf({ account }: Watched): Numbered[] {
  return account
    .service<SnsService>('sns')
    .mailbox.map((mail, index) => ({ mail, index }))
    .filter(({ mail }) => !mail.subject.startsWith('AWS Notification'))
    .reverse();
}

const referenceOf = ({ subject }: DeliveredMail) => /VG \w{6}$/.exec(subject)?.[0];

/** The alert of each reference: a link leads to a page's item, and that knows its alert. */
function alertsByReference(watched: Watched): Map<string, string> {
  const items = watched.account.service<DynamoDbService>('dynamodb').items(watched.table);
  const alertOf = new Map(items.map((item) => [item.pk?.S, item.alertId?.S]));
  return new Map(
    mailsOf(watched).flatMap(({ mail }): [string, string][] => {
      const alertId = alertOf.get(`PAGE#${/\/page\/([\w-]+)/.exec(mail.text)?.[1]}`);
      const reference = referenceOf(mail);
      return alertId && reference ? [[reference, alertId]] : [];
    }),
  );
}

/** What its history says: the alert that it carries or has only joined, and the messages that it published itself. */
function saidBy(execution: Execution): { alertId?: string; joined: boolean; published: string[] } {
  const outputs = execution.history.events
    .filter(({ type }) => type === 'TaskSucceeded')
    .map(({ details }) => JSON.parse(String(details?.output)));
  const opened = outputs.find(({ Payload }) => Payload?.alertId)?.Payload;
  return {
    alertId: opened?.alertId ?? JSON.parse(execution.input).alertId,
    joined: opened?.outcome === 'joined',
    published: outputs.flatMap(({ Payload }) => Payload?.messageId ?? []),
  };
}

/** The executions that carry the alert of a mail, or published it; the oldest first. */
export function executionsOf(watched: Watched, mail: DeliveredMail): Execution[] {
  const alertId = alertsByReference(watched).get(referenceOf(mail) ?? '');
  return watched.account
    .service<StepFunctionsService>('sfn')
    .executions()
    .filter((execution) => {
      const said = saidBy(execution);
      return (
        said.published.includes(mail.messageId) ||
        (alertId !== undefined && said.alertId === alertId && !said.joined)
      );
    });
}

/** The mails about the alert of an execution, or published by it; the newest first. */
export function mailsAbout(watched: Watched, execution: Execution): Numbered[] {
  const { alertId, published } = saidBy(execution);
  const alerts = alertsByReference(watched);
  return mailsOf(watched).filter(
    ({ mail }) =>
      published.includes(mail.messageId) ||
      (alertId !== undefined && alerts.get(referenceOf(mail) ?? '') === alertId),
  );
}
