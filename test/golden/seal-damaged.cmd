args: seal list
exit: 2
stdout:
stderr:
| fnward.secrets:28:1: error: a merge left its marks here
|    28 | <<<<<<< HEAD
|       | ^~~~~~~~~~~~
|   fix: keep one side of each block, whole: from 'secret' to its END
