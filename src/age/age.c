#include "age/age.h"
