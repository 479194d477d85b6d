/**
 * AWS as a function under test finds it: the local account's own models behind the SDK's clients, with names of its own in
 * the environment. Lists come one entry a page, so that nobody forgets to ask for the next; whoever does not ask for a
 * consistent read misses the last write.
 */
import { InternalServerError } from '@aws-sdk/client-dynamodb';
import { vi } from 'vitest';
import { ROSTER_KEY, type Roster } from '../handlers/on-call/roster.ts';
import { AwsError } from '../infra/local/engine/aws-error.ts';
import { onlyOptions } from '../infra/local/engine/options.ts';
import type { Payload, Service } from '../infra/local/engine/service.ts';
import { kinesis } from '../infra/local/services/kinesis.ts';
import { s3 } from '../infra/local/services/s3.ts';
import { secretsManager } from '../infra/local/services/secrets-manager.ts';
import { sns } from '../infra/local/services/sns/service.ts';
import type { Telephones } from '../infra/local/services/sns/telephones.ts';
import { stepFunctions } from '../infra/local/services/step-functions/service.ts';
import { fakeAccount, operator } from './infra/local/fake-account.ts';
import { PresentClock } from './present-clock.ts';
import { answerClients, type Command, type Send } from './sdk-clients.ts';
import { TableItems } from './table-items.ts';

export const metadata = { $metadata: {} };
/** What the SDK throws when a service did not answer as often as it asked. */
export const silence = () => new InternalServerError({ message: 'no answer', ...metadata });

/** The root of pepper and form keys. */
export const rootKey = 'R'.repeat(64);

/** The first entry of a page, and where the next page begins. */
const firstEntry: Record<string, (page: Payload, input: Payload) => Payload> = {
  Query({ Items, ...page }) {
    const [{ pk, dueOn, dueAt }] = Items;
    return { ...page, Items: Items.slice(0, 1), LastEvaluatedKey: { pk, dueOn, dueAt } };
  },
  ListSubscriptionsByTopic: ({ Subscriptions }, { NextToken = '0' }) => ({
    Subscriptions: Subscriptions.slice(0, 1),
    NextToken: String(Number(NextToken) + 1),
  }),
  ListObjectsV2: ({ Contents }) => ({
    Contents: Contents.slice(0, 1),
    NextContinuationToken: Contents[0].Key,
  }),
};

function inSmallPages(operation: string, input: Payload, page: Payload): Payload {
  const entries = page.Items ?? page.Subscriptions ?? page.Contents ?? [];
  return entries.length > 1 ? firstEntry[operation]?.(page, input) : page;
}

/** What a call is about: `PATIENT#p-7`, a topic, an object's key. */
const subjectOf = (input: Payload): string =>
  input.Item?.pk ??
  input.Key?.pk ??
  input.TransactItems?.[0].Put.Item.pk ??
  input.ExpressionAttributeValues?.[':dueOn'] ??
  input.TopicArn ??
  input.taskToken ??
  input.name ??
  input.Key ??
  input.DeliveryStreamName ??
  input.StreamName;

/** Every execution waits. */
const workflow = {
  QueryLanguage: 'JSONata',
  StartAt: 'Wait',
  States: { Wait: { Type: 'Wait', Seconds: 86_400, End: true } },
};

const wakes = /^SendTaskSuccess /;
let accounts = 0;

export class LocalAws {
  readonly #clock = new PresentClock();
  readonly account = fakeAccount(undefined, this.#clock);
  readonly #sns = this.account.add(sns);
  readonly #sfn: ReturnType<typeof stepFunctions>;
  readonly #archive: string;
  #rosters = 0;
  #roster: Roster | undefined;
  /** Names are new in each account: by them functions remember what they have seen. */
  readonly tableName = `vigil-test-${++accounts}`;
  readonly items = new TableItems(this.account, this.tableName);
  /** Tokens of tasks that wait; a wake takes its token away. */
  readonly waiting = new Set<string>();
  /** Every call, in order: `Put PATIENT#p-7`, `Publish arn:...`. */
  readonly calls: string[] = [];
  /** Those that had their effect. */
  readonly done: { call: string; input: Payload }[] = [];
  /** Return an error to have the call fail before it has its effect, or after it. */
  before: (call: string) => Error | undefined = () => undefined;
  after: (call: string) => Error | undefined = () => undefined;

  constructor(roster?: Roster) {
    const account = this.account;
    for (const factory of [kinesis, s3, secretsManager]) account.add<Service>(factory);
    account.add(() => ({ id: 'iam', operations: {}, resources: {}, trusts: () => true }));
    this.#sfn = account.add(stepFunctions);
    // The executions here have no tasks: a test says which token is waited for.
    Object.assign(this.#sfn.operations.SendTaskSuccess as object, {
      run: ({ taskToken }: Payload) => {
        if (!this.waiting.delete(taskToken)) throw new AwsError('TaskTimedOut', 'timed out');
        return {};
      },
    });
    this.#archive = account.create('AWS::S3::Bucket', 'Archive', {}).ref;
    const { ref: machine } = account.create('AWS::StepFunctions::StateMachine', 'Escalation', {
      StateMachineName: 'vigil-escalation',
      DefinitionString: JSON.stringify(workflow),
      RoleArn: 'role',
    });
    const { ref: stream } = account.create('AWS::Kinesis::Stream', 'Stream', {
      Name: 'Bloodpressure_iot_stream',
      RetentionPeriodHours: 24,
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    });
    vi.stubEnv('TABLE_NAME', this.tableName);
    vi.stubEnv('DUE_INDEX', 'due');
    vi.stubEnv('ARCHIVE_BUCKET', this.#archive);
    vi.stubEnv('ANSWER_SECRET_ARN', this.secret('answers', rootKey));
    vi.stubEnv('ESCALATION_ARN', machine);
    vi.stubEnv('STREAM_NAME', stream);
    if (roster) this.roster = roster;
    answerClients(
      async (service, operation, input) =>
        inSmallPages(operation, input, await this.#run(service, operation, input)),
      (command, send) => this.answer(command, send),
    );
  }

  /** What a client is answered; a test may put itself in between. */
  async answer(command: Command, send: Send): Promise<Payload> {
    const { input } = command;
    const call = `${command.constructor.name.replace('Command', '')} ${subjectOf(input)}`;
    this.calls.push(call);
    const early = this.before(call);
    if (early) throw early;
    const result = await send();
    this.done.push({ call, input });
    const late = this.after(call);
    if (late) throw late;
    return result;
  }

  #run(service: string, operation: string, input: Payload): Payload {
    const model = this.account.service(service)?.operations[operation];
    if (!model) throw new Error(`${service}:${operation} is not modelled`);
    onlyOptions(`${service}:${operation}`, input, model.options);
    return model.run(input, operator);
  }

  /** The roster that is published, each time in another bucket: functions remember rosters for a while by their bucket. */
  get roster(): Roster {
    return this.#roster as Roster;
  }
  set roster(roster: Roster) {
    this.#roster = roster;
    const { ref: Bucket } = this.account.create(
      'AWS::S3::Bucket',
      `Roster-${accounts}-${++this.#rosters}`,
      {},
    );
    this.#run('s3', 'PutObject', { Bucket, Key: ROSTER_KEY, Body: JSON.stringify(roster) });
    vi.stubEnv('ROSTER_BUCKET', Bucket);
  }

  /** A topic with one subscription, which has been confirmed unless it is to be pending. */
  subscribe(TopicArn: string, Endpoint: string, is: 'confirmed' | 'pending' = 'confirmed'): void {
    this.#run('sns', 'CreateTopic', { Name: TopicArn.split(':').at(-1) });
    const { SubscriptionArn } = this.#run('sns', 'Subscribe', { TopicArn, Protocol: 'email', Endpoint });
    if (is === 'pending' || SubscriptionArn !== 'pending confirmation') return;
    this.#clock.pass();
    const [, Token] = /Token=(\w+)/.exec(this.#sns.mailbox.at(-1)?.text ?? '') ?? [];
    this.#run('sns', 'ConfirmSubscription', { TopicArn, Token });
  }
  /** Nobody gets what the topic is sent. */
  unsubscribe(TopicArn: string): void {
    for (const { SubscriptionArn } of this.#run('sns', 'ListSubscriptionsByTopic', { TopicArn })
      .Subscriptions)
      this.#run('sns', 'Unsubscribe', { SubscriptionArn });
  }

  /** A secret that says so; its ARN. */
  secret(name: string, SecretString: string): string {
    const { ref: SecretId } = this.account.create('AWS::SecretsManager::Secret', 'Secret', {
      Name: `${name}-${this.tableName}`,
      GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 1 },
    });
    this.#run('secrets-manager', 'PutSecretValue', { SecretId, SecretString });
    return SecretId;
  }

  /** Puts an object into the archive, now. */
  store(Key: string, Body: string): void {
    this.#run('s3', 'PutObject', { Bucket: this.#archive, Key, Body });
  }
  /** The texts that functions put into buckets, by key. */
  get objects(): Map<string, string> {
    const put = this.done.filter(({ call }) => call.startsWith('PutObject '));
    return new Map(put.map(({ input: { Key, Body } }) => [Key, Body]));
  }
  /** The input of each execution that was started, by name. */
  get executions(): Map<string, Payload> {
    return new Map(this.#sfn.executions().map(({ name, input }) => [name, JSON.parse(input)]));
  }
  /** Telephones, and what they got. */
  get telephones(): Telephones {
    return this.#sns.telephones;
  }
  /** What reached a mailbox. */
  get mails(): { TopicArn: string; Subject: string; Message: string }[] {
    return this.#sns.mailbox
      .filter(({ subject }) => !subject.startsWith('AWS Notification'))
      .map(({ topicArn, subject, text }) => ({ TopicArn: topicArn, Subject: subject, Message: text }));
  }
  /** Tokens of tasks that were woken, or could not be. */
  get wakes(): string[] {
    return this.calls.filter((call) => wakes.test(call)).map((call) => call.replace(wakes, ''));
  }
  /** The writes of the table that were made, in order: `Update PAGE#...`. */
  get writes(): string[] {
    return this.done.map(({ call }) => call).filter((call) => /^(Put|Update) /.test(call));
  }
}
