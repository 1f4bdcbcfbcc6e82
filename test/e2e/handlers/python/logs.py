import logging

logging.basicConfig(format="never used: the root logger has its handler already")
logging.getLogger().setLevel(logging.INFO)
logging.info("at start")


def handler(event, context):
    logging.getLogger("shop").info("sold %d", 3)
    logging.getLogger().debug("not shown")
