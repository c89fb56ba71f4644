"""Fills a registry: fill.py HOST:PORT TAGS LAYERS MEBIBYTES. Every fifth tag names the image of another one."""
import concurrent.futures, gzip, hashlib, http.client, io, json, random, sys, tarfile, threading

REPOSITORIES = 20
host, tags, layer_count, mebibytes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
of_thread = threading.local()
program = open("/bin/true", "rb").read()


def digest(blob):
    return "sha256:" + hashlib.sha256(blob).hexdigest()


def send(method, path, body=b"", headers={}):
    if not hasattr(of_thread, "connection"):
        of_thread.connection = http.client.HTTPConnection(host)
    of_thread.connection.request(method, path, body, headers)
    answer = of_thread.connection.getresponse()
    answer.read()
    if answer.status >= 300:
        sys.exit(f"{method} {path}: status {answer.status}")
    return answer


def push(repository, blob):
    """Uploads a blob."""
    begun = send("POST", f"/v2/{repository}/blobs/uploads/").getheader("Location")
    place = begun[begun.index("/v2/"):]
    joint = "&" if "?" in place else "?"
    send("PUT", f"{place}{joint}digest={digest(blob)}", blob, {"Content-Type": "application/octet-stream"})


def layer(number):
    """A program and bytes that do not compress, the same for the same number."""
    source = random.Random(number)
    files = {f"usr/bin/program-{number}": program, f"opt/data-{number}": source.randbytes(int(mebibytes * (1 << 20)))}
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            archive.addfile(entry, io.BytesIO(content))
    return digest(tar.getvalue()), gzip.compress(tar.getvalue(), 1, mtime=0)


def push_layer(number):
    diff_id, blob = layer(number)
    push("bench/app0", blob)
    for other in range(1, REPOSITORIES):
        send("POST", f"/v2/bench/app{other}/blobs/uploads/?mount={digest(blob)}&from=bench/app0")
    return diff_id, digest(blob), len(blob)


def push_image(number, names):
    """An image of one of the bases and one other layer."""
    repository = f"bench/app{number % REPOSITORIES}"
    bases = max(1, layer_count // 10)
    rest = max(1, layer_count - bases)
    used = [layers[number % bases], layers[(bases + number % rest) % layer_count]]
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "created": "2026-01-01T00:00:00Z",
        "config": {"Cmd": [f"/usr/bin/program-{number % bases}"], "Labels": {"number": str(number)}},
        "rootfs": {"type": "layers", "diff_ids": [diff_id for diff_id, _, _ in used]}}).encode()
    push(repository, config)
    manifest = json.dumps({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(config), "size": len(config)},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": d, "size": size}
                   for _, d, size in used]}).encode()
    for name in names:
        send("PUT", f"/v2/{repository}/manifests/{name}", manifest,
             {"Content-Type": "application/vnd.oci.image.manifest.v1+json"})


with concurrent.futures.ThreadPoolExecutor(4) as threads:
    layers = list(threads.map(push_layer, range(layer_count)))
    images = max(1, tags * 4 // 5)
    named = {number: [f"v{number}"] for number in range(images)}
    for tag in range(images, tags):
        named[tag % images].append(f"v{tag}")
    list(threads.map(lambda item: push_image(*item), named.items()))
print(f"{tags} tags of {images} images, {layer_count} layers of {sum(size for _, _, size in layers) / (1 << 20):.0f} MiB in all")
