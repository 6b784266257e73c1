'use strict';
// The entry of the image. KServe's images have no subcommands, so everything but ours goes to the runtime as it is
// (docs/adr/0003).
const [, , first, ...rest] = process.argv;
if (first === 'controller') {
  process.argv.splice(2, process.argv.length, ...rest);
  require('./controller/lib/bundle.js');
} else {
  require('./runtime/bin/isvc-runtime.js');
}
