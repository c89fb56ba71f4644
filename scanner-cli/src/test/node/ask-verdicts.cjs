// Asks the service for verdicts with the client of Screwdriver's queue worker, as it ships: its retries, its
// wrapping of errors. Usage: ask-verdicts.cjs URL IMAGE…; writes what became of each.
const request = require('screwdriver-request');

const [url, ...images] = process.argv.slice(2);

async function ask(image) {
    let retries = 0;
    const began = Date.now();
    try {
        const response = await request({
            method: 'GET',
            url: `${url}/v1/verdict`,
            searchParams: { image },
            hooks: { beforeRetry: [() => { retries += 1; }] }
        });
        return {
            image,
            retries,
            ms: Date.now() - began,
            status: response.statusCode,
            decision: response.body.decision,
            executor: response.body.executor
        };
    } catch (e) {
        return { image, retries, error: e.message, status: e.statusCode };
    }
}

(async () => {
    const answers = [];
    for (const image of images) {
        answers.push(await ask(image));
    }
    console.log(JSON.stringify(answers));
})();
