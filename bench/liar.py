def lying_answers(n):
    pass
