/*
 * What a record costs, from ledger_begin to the end of ledger_append, against plain fprintf and
 * fflush of the same line: both make one write a record. Budget: 5 µs. Each is measured in turns,
 * the best turn counts, so that what else the machine does weighs on neither.
 */
#include "ledger/ledger.h"

#include <stdlib.h>
#include <unistd.h>

enum { RECORDS = 20000, TURNS = 7, BUDGET_NS = 5000 };

static const char log_text[] = "order 4711 of customer 42: 3 items, \"express\", 129.90 EUR";

static bool append_record(struct ledger *l, struct ledger_record *r, uint64_t n, struct err *e)
{
    ledger_begin(r, LEDGER_INVOCATION, 1769862896789u + n);
    ledger_text(r, LEDGER_FAAS_NAME, STR("orders"));
    ledger_text(r, LEDGER_FAAS_INVOCATION_ID, STR("8f14e45f-ceea-467f-a8f3-0123456789ab"));
    ledger_text(r, LEDGER_FAAS_TRIGGER, STR("http"));
    ledger_truth(r, LEDGER_FAAS_COLDSTART, false);
    ledger_text(r, LEDGER_OUTCOME, STR("ok"));
    ledger_text(r, LEDGER_HTTP_METHOD, STR("POST"));
    ledger_text(r, LEDGER_HTTP_ROUTE, STR("/orders"));
    ledger_number(r, LEDGER_HTTP_STATUS, 200);
    ledger_millis(r, LEDGER_DURATION_MS, 1000 * n);
    ledger_text(r, LEDGER_MESSAGE, STR(log_text));
    return ledger_append(l, ledger_end(r), e);
}

/* The same members; escapes nothing, which the ledger has to. */
static bool print_record(FILE *f, uint64_t n)
{
    char iso[25];

    clock_iso(1769862896789u + n, iso);
    fprintf(f,
            "{\"time\":\"%s\",\"kind\":\"invocation\",\"faas.name\":\"%s\","
            "\"faas.invocation_id\":\"%s\",\"faas.trigger\":\"%s\",\"faas.coldstart\":%s,"
            "\"outcome\":\"%s\",\"http.request.method\":\"%s\",\"http.route\":\"%s\","
            "\"http.response.status_code\":%d,\"duration_ms\":%.3f,\"message\":\"%s\"}\n",
            iso, "orders", "8f14e45f-ceea-467f-a8f3-0123456789ab", "http", "false", "ok",
            "POST", "/orders", 200, (double)n / 1000, log_text);
    return fflush(f) == 0;
}

static double ledger_turn(const char *dir)
{
    struct ledger_record r = {0};
    struct ledger l;
    struct err e = {0};
    bool ok = ledger_open(dir, LEDGER_RECORDS, &l, &e);
    uint64_t from = clock_mono_ns(), to;

    for (uint64_t n = 0; ok && n < RECORDS; n++)
        ok = append_record(&l, &r, n, &e);
    to = clock_mono_ns();
    if (!ok) {
        fprintf(stderr, "%s\n", e.what);
        exit(2);
    }
    ledger_close(&l);
    ledger_record_free(&r);
    return (double)(to - from) / RECORDS;
}

static double printf_turn(const char *path)
{
    FILE *f = fopen(path, "ae");
    bool ok = f != NULL;
    uint64_t from = clock_mono_ns(), to;

    for (uint64_t n = 0; ok && n < RECORDS; n++)
        ok = print_record(f, n);
    to = clock_mono_ns();
    if (!ok) {
        perror(path);
        exit(2);
    }
    fclose(f);
    return (double)(to - from) / RECORDS;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

int main(void)
{
    char dir[] = "/tmp/fnward-bench-XXXXXX", ledger[64], plain[64];
    double ours = 1e9, theirs = 1e9;

    if (!mkdtemp(dir))
        return 2;
    snprintf(ledger, sizeof(ledger), "%s/ledger.jsonl", dir);
    snprintf(plain, sizeof(plain), "%s/plain.jsonl", dir);
    for (unsigned i = 0; i < TURNS; i++) {
        ours = least(ours, ledger_turn(dir));
        theirs = least(theirs, printf_turn(plain));
        unlink(ledger);
        unlink(plain);
    }
    rmdir(dir);
    printf(
        "ledger: a record %.2f us, fprintf and fflush %.2f us, ratio %.2f (budget %.0f us)\n",
        ours / 1000, theirs / 1000, ours / theirs, BUDGET_NS / 1000.0);
    return ours > BUDGET_NS;
}
