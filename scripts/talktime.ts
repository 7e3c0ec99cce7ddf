/** `npm run talktime -- <command>`: the command line. Each command says what it did in one line. */
import { runWords } from './cli/main';

const { exitCode, stdout, stderr } = await runWords(process.argv.slice(2));
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode;
