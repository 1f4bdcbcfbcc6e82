#include "cage/cage.h"
