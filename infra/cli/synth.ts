/** `npm run synth -- [STAGE...]`: CloudFormation of these stages, of all without one; fails as cdk-nag does. */

import { synthesize } from '../build/synthesize.ts';
import { type StageName, stageNames } from '../config.ts';
import { InputError } from '../input-error.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !stageNames.includes(name as StageName));
  if (unknown) throw new InputError(`No stage is called ${unknown}; there are: ${stageNames.join(', ')}`);
  for (const stage of wanted.length > 0 ? (wanted as StageName[]) : stageNames) {
    const { assemblyDirectory, template } = await synthesize(stage);
    const count = Object.keys(template.Resources).length;
    console.log(`${assemblyDirectory}/vigil-${stage}.template.json  ${count} resources`);
  }
  return 0;
});
