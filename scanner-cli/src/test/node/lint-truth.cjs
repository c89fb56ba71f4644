'use strict';

// What the real router does with configurations: of a file of cases, each with a YAML text and names
// of images, it prints for each name who may start its build.
const fs = require('fs');

// Answers are all that standard output is for; the router's logger writes to it, too.
const print = process.stdout.write.bind(process.stdout);

process.stdout.write = process.stderr.write.bind(process.stderr);
process.env.SUPPRESS_NO_CONFIG_WARNING = 'yes';

const util = require('config').util;
const Router = require('screwdriver-executor-router');

const DRAWS = 20;
const SLOW_MS = 500;

/** The router that the worker makes of a configuration. */
function routerOf(yaml) {
    const config = util.extendDeep({}, util.parseString(yaml, 'yaml') || {});

    if (config.executor === undefined) {
        throw new Error('config.get() has no executor');
    }
    const executor = Object.keys(config.executor)
        .filter(key => key !== 'plugin')
        .map(key => ({ name: key, ...config.executor[key] }));

    return new Router({ defaultPlugin: config.executor.plugin, executor, ecosystem: {} });
}

async function starter(router, container) {
    let started;

    try {
        started = await router.start({
            container, annotations: {}, apiUri: 'http://api.example', buildId: 1, token: 'token'
        });
    } catch (e) {
        return 'fails';
    }

    return Object.keys(router).find(name => router[name] && router[name].options === started.options);
}

async function place(router, container) {
    const names = new Set();
    const begin = Date.now();

    for (let i = 0; i < DRAWS; i += 1) {
        Math.random = () => (i + 0.5) / DRAWS;
        names.add(await starter(router, container));
        if (Date.now() - begin > SLOW_MS) {
            return 'slow';
        }
    }

    return [...names].sort().join(',');
}

async function answer({ yaml, containers }) {
    let router;

    try {
        router = routerOf(yaml);
    } catch (e) {
        return Object.fromEntries(containers.map(c => [c, 'no router']));
    }
    const answers = {};

    for (const container of containers) {
        answers[container] = await place(router, container);
    }

    return answers;
}

(async () => {
    const cases = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
    const answers = [];

    for (const one of cases) {
        answers.push(await answer(one));
    }
    print(JSON.stringify(answers));
})();
