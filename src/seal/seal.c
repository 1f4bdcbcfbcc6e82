#include "seal/seal.h"
