import { timeNode } from '../support/timed-process';

const ROUNDS = 9;

/** What does `import` of the library cost an app, beyond what cdk8s itself costs? */
export async function run(): Promise<void> {
  const bare = timeNode(['-e', ''], ROUNDS);
  const cdk8s = timeNode(['-e', 'require("cdk8s")'], ROUNDS);
  const library = timeNode(['-e', 'require("cdk8s-kserve")'], ROUNDS);
  console.log(`import of the library, median of ${ROUNDS} processes, Node's own start taken off`);
  console.log(`  cdk8s          ${(cdk8s - bare).toFixed(0).padStart(4)} ms`);
  console.log(`  cdk8s-kserve   ${(library - bare).toFixed(0).padStart(4)} ms, cdk8s included: ${((library - bare) / (cdk8s - bare)).toFixed(2)} times cdk8s alone`);
}
