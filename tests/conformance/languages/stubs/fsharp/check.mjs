// Checks F# files, in their order, with the compiler that runs in a browser; prints what it complains of.

import { readFileSync, readdirSync } from 'node:fs';

globalThis.self = globalThis;
await import('fable-standalone');

const assemblies = new URL('./node_modules/fable-metadata/lib/', import.meta.url);
const names = readdirSync(assemblies).filter(name => name.endsWith('.dll')).map(name => name.slice(0, -4));
const read = name => new Uint8Array(readFileSync(new URL(`${name.split('/').pop().replace(/\.dll$/, '')}.dll`, assemblies)));

const files = process.argv.slice(2), texts = files.map(name => readFileSync(name, 'utf8'));
const compiler = globalThis.__FABLE_STANDALONE__.init(), checker = compiler.CreateChecker(names, read, []);
const complaints = compiler.GetErrors(compiler.ParseAndCheckProject(checker, 'dtos.fsproj', files, texts, []));
console.log(JSON.stringify(complaints.map(each => `${each.FileName}:${each.StartLine} ${each.Message}`)));
