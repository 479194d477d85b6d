/** IAM statements, said briefly: which actions on which resources. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

export function allow(actions: readonly string[], ...resources: string[]): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources });
}

/** Lets a role wake waiting tasks. These have no resource: the token itself says which execution is meant. */
export const answeringTasks = (): PolicyStatement => allow(['states:SendTaskSuccess'], '*');

/** How the partition keys of the table's items begin: what a handler may touch is named by these. */
export const items = {
  alerts: 'PATIENT#*',
  announcements: 'ANNOUNCED#*',
  checkIns: 'CHECKIN#*',
  claims: 'READING#*',
  contacts: 'CONTACTS#*',
  deviceAlerts: 'DEVICE#*',
  drills: 'DRILL#*',
  feeds: 'FEED#*',
  pages: 'PAGE#*',
  preflight: 'PREFLIGHT#*',
  reached: 'REACHED#*',
  setAside: 'ASIDE#*',
  turns: 'TURN#*',
  vitals: 'VITALS#*',
  wrongPins: 'PIN#*',
} as const;

/** Alerts of every kind (handlers/alert/alert-key.ts). */
export const everyAlert = [items.alerts, items.checkIns, items.deviceAlerts, items.drills];

/** Actions of which each call names its item, or, of a query, its partition: without a key the condition would hold for all. */
type ItemAction = 'dynamodb:GetItem' | 'dynamodb:PutItem' | 'dynamodb:Query' | 'dynamodb:UpdateItem';

/**
 * Lets a role touch only items whose partition key fits one of the patterns; of an index, that is the index's own key. A
 * transaction asks for each of its writes, perhaps with the keys of all of them: those stand in one statement.
 */
export function allowItems(
  actions: readonly ItemAction[],
  arn: string,
  keys: readonly string[],
): PolicyStatement {
  return new PolicyStatement({
    actions: [...actions],
    resources: [arn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys.toSorted() } },
  });
}
