'use strict';

// Lets the real router place builds. Usage: node route.cjs CONFIG_DIRECTORY CONTAINERS.json
// Prints for each container, in their order, the name of the executor and what its plugin was told.
const fs = require('node:fs');

const [directory, containers] = process.argv.slice(2);

process.env.NODE_CONFIG_DIR = directory;
const config = require('config');
const ExecutorRouter = require('screwdriver-executor-router');

// As the queue worker makes its router.
const executors = config.get('executor');
const names = Object.keys(executors).filter(name => name !== 'plugin');
const router = new ExecutorRouter({
    defaultPlugin: executors.plugin,
    executor: names.map(name => ({ name, ...executors[name] })),
    ecosystem: { api: 'http://api', store: 'http://store', ui: 'http://ui' }
});

// The router only logs a pattern that does not compile, and then goes on without any list.
names.forEach(name => (executors[name].exclusions || []).forEach(pattern => new RegExp(pattern, 'gi')));

async function place(container, index) {
    const build = { buildId: index + 1, jobId: 1, container, apiUri: 'http://api', token: 'token' };
    const chosen = router.getExecutor(build);
    const { plugin, options } = await router.start(build);

    return {
        container,
        executor: names.find(name => router[name] === chosen),
        plugin,
        kubernetes: options.kubernetes || {}
    };
}

Promise.all(JSON.parse(fs.readFileSync(containers, 'utf8')).map(place)).then(
    placed => process.stdout.write(JSON.stringify(placed)),
    failure => {
        process.stderr.write(`${failure.stack}\n`);
        process.exitCode = 1;
    }
);
