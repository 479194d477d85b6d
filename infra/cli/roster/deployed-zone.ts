/** Compares a roster's zone with the one that its stage was deployed for. */
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';

/**
 * What whoever publishes has to know, undefined when the two are the same. It only tells: a wrong zone costs a report, a roster
 * that is held back costs pages. The secret's name says which stage it is.
 */
export async function zoneRemark(
  zone: string,
  secretArn: string,
  lambda: Pick<LambdaClient, 'send'> = new LambdaClient(),
): Promise<string | undefined> {
  const stackName = /vigil-[a-z]+(?=-answers)/.exec(secretArn)?.[0];
  if (!stackName)
    return 'Not compared: its zone, with that of the stage (the secret is not the answer secret of a stage).';
  try {
    const deployed = await deployedZone(stackName, lambda);
    if (deployed === zone) return undefined;
    return `Its zone is ${zone}, but ${stackName} was deployed for ${deployed}: shifts change by the one, the nightly report's
night ends by the other. Deploy with --context zone=${zone}, or publish the right roster.`;
  } catch (error) {
    return `Not compared: its zone, with that of ${stackName} (${error instanceof Error ? `${error.name}: ${error.message}` : error}).`;
  }
}

/** The zone that a stage was deployed for; its stack's name is its table's as well. Throws what Lambda throws. */
export function deployedZone(stackName: string, lambda: Pick<LambdaClient, 'send'>): Promise<string> {
  return deployedSetting(`${stackName}-choose-report-window`, 'HOSPITAL_ZONE', lambda);
}

/** What a function was deployed with. Throws what Lambda throws. */
export async function deployedSetting(
  FunctionName: string,
  name: string,
  lambda: Pick<LambdaClient, 'send'>,
): Promise<string> {
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const deployed = Environment?.Variables?.[name];
  if (!deployed) throw new Error(`the function has no ${name}`);
  return deployed;
}
