/** cdk-nag's three packs, wired so that synth fails on an unexplained finding and on an unused suppression. */
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, ServerlessChecks } from 'cdk-nag';
import { type Suppression, suppressions } from './nag-suppressions.ts';

/** Suppresses each explained finding exactly where it was found, and leaves the rest to fail synth. */
export function checkRules(app: App, explained: readonly Suppression[] = suppressions): void {
  const packs = [new AwsSolutionsChecks(app), new HIPAASecurityChecks(app), new ServerlessChecks(app)];
  const findings = packs.flatMap((pack) =>
    pack
      .validateScope(app)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => ({ rule: ruleName, path: constructPath as string })),
      ),
  );
  const unused = explained.filter(({ rule, at, reason }) => {
    const matching = findings.filter((finding) => rule.test(finding.rule) && at.test(finding.path));
    for (const { rule: id, path } of matching) {
      const construct = app.node.findAll().find(({ node }) => node.path === path);
      if (construct) Validations.of(construct).acknowledge({ id, reason });
    }
    return matching.length === 0;
  });
  if (unused.length > 0)
    throw new Error(
      [
        'infra/constructs/nag-suppressions.ts: nothing needs',
        ...unused.map(({ rule, at }) => `  ${rule} at ${at}`),
      ].join('\n'),
    );
  Validations.of(app).addPlugins(...packs);
}
