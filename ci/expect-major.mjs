// Fails unless the Node that runs this is of the given major version: a check that the second run really is one.
const [expected] = process.argv.slice(2);
const [major] = process.versions.node.split('.');
if (major !== expected) {
  process.stderr.write(`expected Node ${expected}, got ${process.versions.node}\n`);
  process.exit(1);
}
process.stdout.write(`Node ${process.versions.node}\n`);
