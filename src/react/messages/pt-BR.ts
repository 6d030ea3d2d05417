import type { KycMessages } from './messages.ts'

/** Portuguese of Brazil. */
export const ptBR = {
  locale: 'pt-BR',
  direction: 'ltr',
  review: 'none',

  loading: { title: 'Consultando a situação do seu documento', description: 'Isso leva um instante.' },
  none: { title: 'Aguardando seu documento', description: 'Mostraremos aqui se ele foi adicionado.' },
  processing: {
    title: 'Estamos analisando seu documento',
    description: 'Isso geralmente leva menos de um minuto. Você pode permanecer nesta página.',
  },
  slow: {
    title: 'A análise do seu documento continua',
    description: 'Isso está demorando mais que o normal. Não é necessário enviar o documento novamente.',
  },
  verySlow: {
    title: 'Ainda estamos analisando seu documento',
    description: 'Você pode sair desta página e voltar mais tarde. Não é necessário enviar o documento novamente.',
  },
  added: { title: 'Documento adicionado', description: 'Recebemos seu documento.' },
  error: {
    title: 'Não conseguimos adicionar seu documento',
    description: 'Confira se ele está completo e fácil de ler e envie-o novamente.',
  },
  errorPrefix: 'Erro:',
  spoken: '{title}. {description}',

  doubt: {
    missed: 'Talvez não tenhamos recebido uma resposta. Se algo não parecer certo, entre em contato conosco.',
    owed: 'Esta resposta pode se referir ao documento que você enviou antes.',
    extra: 'Recebemos mais respostas do que documentos. Se algo não parecer certo, entre em contato conosco.',
  },

  connectionLost:
    'A conexão foi perdida. Não podemos mostrar novidades no momento. Esta página será atualizada automaticamente quando a conexão voltar.',
  connectionLostSent:
    'A conexão foi perdida. Seu documento foi enviado. Esta página será atualizada automaticamente quando a conexão voltar.',
  connectionFailed: 'Não podemos mostrar novidades no momento. Recarregue esta página para tentar novamente.',
  connectionBack: 'A conexão voltou.',

  retry: 'Tentar novamente',
  retryAvailable: 'Você pode tentar novamente.',
  checkAgain: 'Consultar novamente',
  live: 'Esta página é atualizada automaticamente.',
  lastChecked: 'Última consulta: {time}',
  filesAdded: {
    one: 'Arquivos adicionados: {count} de {total}',
    many: 'Arquivos adicionados: {count} de {total}',
    other: 'Arquivos adicionados: {count} de {total}',
  },
  filesFailed: {
    one: 'Não foi possível adicionar {count} arquivo',
    many: 'Não foi possível adicionar {count} de arquivos',
    other: 'Não foi possível adicionar {count} arquivos',
  },
  filesProgress: 'Arquivos analisados',

  upload: {
    label: { one: 'Seu documento', many: 'Seus documentos', other: 'Seus documentos' },
    choose: { one: 'Escolher um arquivo', many: 'Escolher arquivos', other: 'Escolher arquivos' },
    drop: 'ou arrastar e soltar aqui',
    hint: '{types}, com menos de {size}',
    submit: { one: 'Enviar', many: 'Enviar {count} de arquivos', other: 'Enviar {count} arquivos' },
    cancel: 'Cancelar',
    startOver: 'Recomeçar',
    files: 'Arquivos',
    remove: 'Remover {name}',
    retry: 'Tentar novamente: {name}',
    sending: 'Enviando {name}',
    sent: 'Enviado',
    queued: 'Aguardando',
    canceled: 'Não enviado',
    review: 'Estamos analisando o que você nos enviou.',
    notSent: 'Não foi possível enviar o arquivo {name}. Verifique sua conexão e tente novamente.',
    tooLarge: 'O arquivo {name} deve ter menos de {size}.',
    wrongType: 'O arquivo {name} deve ser do tipo {types}.',
    empty: 'O arquivo {name} está vazio. Escolha outro arquivo.',
    tooMany: {
      one: 'Escolha apenas {count} arquivo.',
      many: 'Escolha no máximo {count} de arquivos.',
      other: 'Escolha no máximo {count} arquivos.',
    },
  },
} satisfies KycMessages
