/*
 * languages: the attempts that matter most, as a function's author would write them, in the
 * runtimes of this machine.
 */
#include "cage_test.h"

#include <unistd.h>

struct script {
    const char *what;
    const char *runtime, *text;
    const char *says; /* its output, whole */
    int told; /* the kind of event, or -1 */
    const char *event;
};

#define NODE_TRY(expression)                                                                   \
    "try{" expression ";console.log('worked')}catch(e){console.log(e.code)}"
#define PYTHON_TRY(statement)                                                                  \
    "import os,sys,socket,errno,subprocess\ntry:\n " statement                                 \
    "\n print('worked')\nexcept OSError as e:\n print(errno.errorcode.get(e.errno,e.errno))"

static const struct script scripts[] = {
    {"starts", "nodejs", "console.log(6*7)", "42\n", -1, NULL},
    {"finds itself", "nodejs", "console.log(process.execPath.startsWith('/'))", "true\n", -1,
     NULL},
    {"counts processors and memory", "nodejs",
     "console.log(os.cpus().length>0,os.totalmem()>0,os.hostname())", "true true probe\n", -1,
     NULL},
    {"asks what kind of module it is", "nodejs",
     "for(const d of ['/','/var/'])try{fs.readFileSync(d+'package.json')}"
     "catch(e){console.log(e.code)}",
     "ENOENT\nENOENT\n", -1, NULL},
    {"reads /etc/passwd", "nodejs", NODE_TRY("fs.readFileSync('/etc/passwd')"), "EACCES\n",
     CAGE_DENIED_OPEN, "/etc/passwd"},
    {"reads its environment in /proc", "nodejs",
     NODE_TRY("fs.readFileSync('/proc/self/environ')"), "EACCES\n", CAGE_DENIED_OPEN,
     "/proc/self/environ"},
    {"writes outside /tmp", "nodejs", NODE_TRY("fs.writeFileSync('/var/task/x','')"), "EROFS\n",
     CAGE_DENIED_OPEN, "/var/task/x"},
    {"writes to /tmp", "nodejs", NODE_TRY("fs.writeFileSync('/tmp/x','')"), "worked\n", -1,
     NULL},
    {"starts a shell", "nodejs", NODE_TRY("child_process.execSync('id')"), "EACCES\n",
     CAGE_DENIED_EXEC, "/usr/bin/sh"},
    {"starts itself", "nodejs", NODE_TRY("child_process.execFileSync(process.execPath)"),
     "EACCES\n", CAGE_DENIED_EXEC, NULL},
    {"connects to the metadata service", "nodejs",
     "net.connect(80,'169.254.169.254').on('error',e=>console.log(e.code))", "EACCES\n",
     CAGE_DENIED_CONNECT, "169.254.169.254:80"},
    {"looks up a host", "nodejs",
     "dns.lookup('example.com',e=>console.log(e?'refused':'worked'))", "refused\n", -1, NULL},
    {"connects to a declared host by its name", "nodejs",
     "net.connect(443,'declared.example').on('connect',()=>{console.log('worked');"
     "process.exit()}).on('error',e=>console.log(e.code))",
     "worked\n", -1, NULL},
    {"lists its addresses", "nodejs", "console.log(Object.keys(os.networkInterfaces()).join())",
     "lo\n", -1, NULL},
    {"starts", "python", "print(6*7)", "42\n", -1, NULL},
    {"has its libraries", "python", "import ssl,json,sqlite3,ctypes,zoneinfo;print('worked')",
     "worked\n", -1, NULL},
    {"reads /etc/passwd", "python", PYTHON_TRY("open('/etc/passwd')"), "EACCES\n",
     CAGE_DENIED_OPEN, "/etc/passwd"},
    {"reads its environment in /proc", "python", PYTHON_TRY("open('/proc/self/environ')"),
     "EACCES\n", CAGE_DENIED_OPEN, "/proc/self/environ"},
    {"writes outside /tmp", "python", PYTHON_TRY("open('/var/task/x','w')"), "EROFS\n",
     CAGE_DENIED_OPEN, "/var/task/x"},
    {"writes to /tmp", "python", PYTHON_TRY("open('/tmp/x','w')"), "worked\n", -1, NULL},
    {"starts a shell", "python", PYTHON_TRY("subprocess.run('id',shell=True)"), "EACCES\n",
     CAGE_DENIED_EXEC, "/usr/bin/sh"},
    {"replaces itself", "python", PYTHON_TRY("os.execv('/bin/sh',['sh'])"), "EACCES\n",
     CAGE_DENIED_EXEC, "/usr/bin/sh"},
    {"connects to the metadata service", "python",
     PYTHON_TRY("socket.create_connection(('169.254.169.254',80),3)"), "EACCES\n",
     CAGE_DENIED_CONNECT, "169.254.169.254:80"},
    {"opens a raw socket", "python",
     PYTHON_TRY("socket.socket(socket.AF_INET,socket.SOCK_RAW)"), "EPERM\n",
     CAGE_DENIED_SYSCALL, "socket"},
    {"forks without end", "python",
     PYTHON_TRY("\n while True:\n  os.fork() or os.execv('/x',['x'])"), NULL, CAGE_DENIED_FORK,
     ""},
    {"runs a thread pool and an event loop", "python",
     "import asyncio,concurrent.futures as c\nasync def f():\n return await "
     "asyncio.get_running_loop().run_in_executor(c.ThreadPoolExecutor(4),sum,[40,2])\n"
     "print(asyncio.run(f()))",
     "42\n", -1, NULL},
};

static void check_script(const struct cage_machine *m, const struct scene *p,
                         const struct script *s)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    /* Without a HOME Python looks for one in /etc/passwd. */
    static const char *const envp[] = {"HOME=/tmp", NULL};
    const char *flag = strcmp(s->runtime, "nodejs") == 0 ? "-e" : "-c";
    struct cage_runtime runtime;
    struct outcome o;
    struct err e = {0};

    if (!cage_runtime_find(a, str_of(s->runtime), STR("/usr/local/bin:/usr/bin:/bin"), NULL,
                           &runtime, &e)) {
        tap_skip("%s", e.what);
        return;
    }
    const char *argv[] = {runtime.program, flag, s->text, NULL};
    struct cage_spec spec = scene_spec(p, argv);

    runtime.mounts[runtime.mount_count++] = spec.mounts[1]; /* the code */
    spec.mounts = runtime.mounts;
    spec.mount_count = runtime.mount_count;
    spec.program = runtime.program;
    spec.hosts = STR("127.0.0.1 localhost\n198.18.0.2 declared.example\n");
    spec.limits.memory = 256 << 20;
    spec.envp = envp;
    run_cage(m, &spec, &o);
    if (!CHECK(o.started && (!s->says || str_is((str){o.output, o.output_length}, s->says)) &&
                   (s->told < 0 || find_event(&o, (enum cage_event_kind)s->told, s->event)),
               "%s: a function that %s is told '%.*s'", s->runtime, s->what,
               s->says ? (int)strcspn(s->says, "\n") : 0, s->says ? s->says : ""))
        explain(&o);
    /* A start that is told of fills the record with what nobody asked for. */
    if (s->told < 0 && !CHECK(o.event_count == 1, "%s: and nothing is told", s->runtime))
        explain(&o);
}

int main(int argc, char **argv)
{
    struct cage_machine *m;
    struct scene p;
    struct err e = {0};

    scene_make(&p, argc, argv);
    if (!CHECK(cage_machine_probe(&m, &e), "the machine can make cages"))
        return tap_end();
    for (size_t i = 0; i < COUNT(scripts); i++)
        check_script(m, &p, &scripts[i]);
    cage_machine_free(m);
    scene_remove(&p);
    return tap_end();
}
