#include "cmd/cmd.h"
#include "run/run.h"

int main(int argc, char **argv)
{
    int exit_code;

    if (role_main(argc, argv, &exit_code))
        return exit_code;
    return cmd_main(argc, argv);
}
