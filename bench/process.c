/*
 * process: how long a command runs and how much memory it has at its peak, each time that it is run.
 *
 *     measure_process TIMES COMMAND [ARGUMENT...]    "MILLISECONDS KILOBYTES EXITCODE", a line each
 *
 * A program of its own, since what starts a process counts into the peak that the kernel tells of it.
 */
#include "base/base.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void become(char **command)
{
    int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);

    if (nothing < 0 || dup2(nothing, STDOUT_FILENO) < 0)
        _exit(127);
    execv(command[0], command);
    _exit(127);
}

static bool measure(char **command)
{
    uint64_t began = clock_mono_ns();
    pid_t pid = fork();
    struct rusage used;
    int status;

    if (pid == 0)
        become(command);
    if (pid < 0 || wait4(pid, &status, 0, &used) != pid || !WIFEXITED(status))
        return false;
    printf("%.3f %ld %d\n", (double)(clock_mono_ns() - began) / 1e6, used.ru_maxrss,
           WEXITSTATUS(status));
    return WEXITSTATUS(status) != 127;
}

int main(int argc, char **argv)
{
    int times = argc > 2 ? atoi(argv[1]) : 0;

    if (times < 1)
        return 2;
    while (times-- > 0)
        if (!measure(argv + 2))
            return 1;
    return 0;
}
